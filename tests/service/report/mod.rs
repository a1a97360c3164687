mod contents;
mod dry_run;
mod past_refusals;
mod scenario;
mod test_run;
