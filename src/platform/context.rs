//! The service: settings, keys and ports.

use crate::config::parse::Config;
use crate::ledger::port::Ledger;
use crate::platform::accounts::Accounts;
use crate::platform::keys::PrivateKeys;
use crate::platform::metadata_cache::MetadataCache;
use crate::platform::network::Fetch;

/// The types of the ports of one platform.
pub trait Platform {
    /// The store of accounts.
    type Accounts: Accounts;
    /// What must happen once.
    type Ledger: Ledger;
    /// The keys that sign requests and decrypt assertions.
    type Keys: PrivateKeys;
}

/// The parts of this service on one platform. Use cases are functions that borrow it.
pub struct Service<'a, P: Platform> {
    /// Settings and keys.
    pub config: &'a Config,
    /// The store of accounts.
    pub accounts: &'a P::Accounts,
    /// What must happen once.
    pub ledger: &'a P::Ledger,
    /// The keys that sign requests and decrypt assertions.
    pub private_keys: &'a P::Keys,
    /// Metadata that is parsed already.
    pub metadata: &'a MetadataCache,
    /// Requests to other servers.
    pub network: &'a dyn Fetch,
}
