mod answers;
mod branding;
mod caching;
mod routes;
