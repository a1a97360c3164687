//! How many logins one client may begin, and how often it may call the admin API.
//!
//! Whoever types a list of e-mail addresses learns which are known. A login that begins writes nothing,
//! and costs a request that may have to be signed. Counting is the platform's, as approximate as it
//! likes: nothing but patience depends on it, so where it fails, logins go on.

use std::net::IpAddr;

use crate::service::Request;
use crate::service::routes::Route;

impl Request<'_> {
    /// Whether it looks a user up or begins a login, and so counts.
    pub fn begins_login(&self) -> bool {
        match Route::of(self.path) {
            Some(Route::Login(_)) => self.method == "GET",
            Some(Route::LoginPage) => self.method == "POST",
            _ => false,
        }
    }

    /// Whether it calls the admin API, and so counts: with the token or without.
    pub fn calls_api(&self) -> bool {
        matches!(Route::of(self.path), Some(Route::Api(_)))
    }
}

/// The client behind an address: an IPv4 address, or the 64 bits of an IPv6 address that a network
/// gives to one host to change the rest of at will. `None` for text that is no address.
pub fn client_of(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(_) => Some(address.to_owned()),
        IpAddr::V6(address) => Some(format!("{:x}", u128::from(address) >> 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_whole_ipv6_network_as_one() {
        for (address, client) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("2001:db8:1:2:3:4:5:6", Some("20010db800010002")),
            ("2001:db8:1:2::", Some("20010db800010002")),
            ("2001:db8:1:3::1", Some("20010db800010003")),
            ("", None),
            ("192.0.2.7, 192.0.2.8", None),
            ("localhost", None),
        ] {
            assert_eq!(client_of(address).as_deref(), client, "{address}");
        }
    }
}
