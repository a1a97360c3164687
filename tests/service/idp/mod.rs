mod claims;
mod sp_metadata;
mod without_name_id;
