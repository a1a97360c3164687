mod private_keys;
mod rotation;
