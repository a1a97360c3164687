mod test_sign_in;
