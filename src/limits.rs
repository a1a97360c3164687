//! The limits of the service. Those of messages are in [`saml_verify::limits`].

use saml_verify::limits::SIGNING_KEYS;

/// Most certificates that an audit event names; the others are counted. It is as many as may sign,
/// and an event with two such lists stays below two kilobytes.
pub const NAMED_CERTIFICATES: usize = SIGNING_KEYS;

/// Most octets in a form of our own pages: RELAY_STATE_OCTETS of a path, percent-encoded twice, and
/// an e-mail address.
pub const OWN_FORM_OCTETS: usize = 16 * 1024;

/// Most octets in a form of the settings, which contains metadata. Percent-encoding makes up to
/// three octets of one. The documents of single IdPs have 2 to 100 KiB.
pub const SETTINGS_FORM_OCTETS: usize = 2 * 1024 * 1024;

/// Longest address for metadata. Entra's has 150 octets.
pub const METADATA_URL_OCTETS: usize = 2048;

/// Most octets in metadata that this service stores. It is half of what one row of a ledger holds,
/// where earlier versions are kept.
pub const STORED_METADATA_OCTETS: usize = 1024 * 1024;

/// Most accounts kept for one e-mail address. Each costs a look-up when the address is entered, and
/// a line on the page that asks which account is meant. Consultants have two or three.
pub const ACCOUNTS_OF_EMAIL: usize = 8;

/// For how many seconds the login page knows the account of an e-mail address after a login. It is
/// a year, as for the cookie that remembers an account on a device, and ENTRY_RENEWAL: users who
/// sign in once a year are known, and others are forgotten.
pub const ENTRY_AGE: i64 = 365 * 24 * 60 * 60 + ENTRY_RENEWAL;

/// How old in seconds that entry must be for a login to renew it. It is a month, so that a user
/// costs twelve writes a year.
pub const ENTRY_RENEWAL: i64 = 30 * 24 * 60 * 60;

/// Most users that one call of the API erases. For each, the directory is read and written, which
/// makes a hundred of the thousand operations that one request may have in KV.
pub const ERASED_USERS: u32 = 50;

/// For how many seconds the store may return what was there before a change: twice as long as
/// Cloudflare says for KV. After that, an earlier state has been written anew.
pub const STALE: i64 = 120;

/// Most states that a ledger knows of its account. KV takes one write a second of a key, and no
/// state is known for longer than [`STALE`].
pub const EPOCHS: usize = 128;

/// Most setup links of an account at a time, so that one response can list them all.
pub const SETUP_LINKS: usize = 20;
