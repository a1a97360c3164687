//! What a use case works with: settings, keys and ports.

use crate::config::parse::Config;
use crate::ledger::port::Ledger;
use crate::platform::accounts::Accounts;
use crate::platform::keys::PrivateKeys;
use crate::platform::metadata_cache::MetadataCache;
use crate::platform::network::Fetch;

/// The types of the ports of one platform.
pub trait Platform {
    /// What operators store.
    type Accounts: Accounts;
    /// What happens once.
    type Ledger: Ledger;
    /// What signs requests, and what assertions are encrypted to.
    type Keys: PrivateKeys;
}

/// The parts of this service on one platform. Use cases are functions that borrow it.
pub struct Service<'a, P: Platform> {
    /// Settings and keys.
    pub config: &'a Config,
    /// What operators store.
    pub accounts: &'a P::Accounts,
    /// What happens once.
    pub ledger: &'a P::Ledger,
    /// What signs requests, and what assertions are encrypted to.
    pub private_keys: &'a P::Keys,
    /// Metadata parsed before.
    pub metadata: &'a MetadataCache,
    /// What asks servers of others.
    pub network: &'a dyn Fetch,
}
