//! One deployment with the account `acme`, and one browser that talks to it.

use std::collections::HashMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use saml_edge::{
    AccountId, Actor, Config, Current, Decision, Entropy, Fault, ForwardedRequest, Ledger as _,
    MetadataCache, NoteRefusal, PastRefusal, Platform, Put, Refreshed, Request, RsaKeys, Service,
    Stored, Task, TaskOutcome,
};
use saml_verify::time::UnixTime;

use crate::common::{METADATA, NOW};
use crate::fakes::{Store, Web};
use crate::ledgers::{Broken, SqliteLedger};
use crate::support::config::{SP_KEY, config_with, sp_key};
use crate::support::seen::REFERENCE;

/// The ports of a deployment in a test.
pub(crate) struct Memory;

impl Platform for Memory {
    type Accounts = Store;
    type Ledger = Broken<SqliteLedger>;
    type Keys = RsaKeys;
}

/// Drives a future of which nothing is ever pending.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a fake never waits"),
    }
}

/// A deployment and a browser.
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) store: Rc<Store>,
    pub(crate) ledger: Broken<SqliteLedger>,
    pub(crate) metadata: MetadataCache,
    pub(crate) web: Web,
    pub(crate) private_keys: RsaKeys,
    pub(crate) jar: HashMap<String, String>,
    /// The Authorization header, which programs send and browsers do not.
    pub(crate) authorization: Option<String>,
    /// The If-Match header, which programs send.
    pub(crate) if_match: Option<String>,
    /// The If-None-Match header.
    pub(crate) if_none_match: Option<&'static str>,
    pub(crate) now: UnixTime,
    pub(crate) drawn: u8,
    /// The Sec-Fetch-Dest and Sec-Fetch-Mode headers of whatever is sent.
    pub(crate) fetched: [Option<&'static str>; 2],
    /// The Sec-Fetch-Site header of whatever is sent.
    pub(crate) fetch_site: Option<&'static str>,
    /// The Origin header of whatever is sent.
    pub(crate) origin: Option<&'static str>,
    /// The User-Agent header of whatever is sent.
    pub(crate) user_agent: Option<&'static str>,
}

impl World {
    /// `acme` with the test IdP and without settings.
    pub(crate) fn new() -> Self {
        let store = Rc::<Store>::default();
        let world = Self {
            config: config_with(&[]),
            store: Rc::clone(&store),
            ledger: Broken::over(store),
            metadata: MetadataCache::default(),
            web: Web::default(),
            private_keys: RsaKeys::default(),
            jar: HashMap::new(),
            authorization: None,
            if_match: None,
            if_none_match: None,
            now: NOW,
            drawn: 0,
            fetched: [Some("document"), Some("navigate")],
            fetch_site: Some("same-origin"),
            origin: None,
            user_agent: None,
        };
        world.add("acme", METADATA, None);
        world
    }

    /// The same with settings for `acme`.
    pub(crate) fn with_settings(settings: &str) -> Self {
        let world = Self::new();
        world.add("acme", METADATA, Some(settings));
        world
    }

    /// The same, and a key with its certificate in `SP_KEYS`.
    pub(crate) fn with_sp_key(settings: &str) -> Self {
        Self {
            config: config_with(&[("SP_KEYS", &sp_key())]),
            private_keys: RsaKeys::from_pems([SP_KEY]).expect("a private key"),
            ..Self::with_settings(settings)
        }
    }

    pub(crate) fn add(&self, account: &str, metadata: &str, settings: Option<&str>) {
        let settings = settings.map(str::to_owned);
        let stored = Stored { metadata: Some(metadata.to_owned()), settings };
        self.store.accounts.borrow_mut().insert(account.to_owned(), stored);
    }

    /// Changes an account by its ledger, as an operator does.
    pub(crate) fn change(&self, account: &str, metadata: Option<&str>, settings: Option<&str>) {
        let id = AccountId::parse(account).expect("an account");
        let after =
            Stored { metadata: metadata.map(str::to_owned), settings: settings.map(str::to_owned) };
        let now = self.now.seconds();
        let current = Current { account: id.clone(), is_heard: false, now };
        let before = ready(self.ledger.ask(&id, &current)).expect("a ledger");
        let put = Put {
            account: id.clone(),
            expected: before.revision(),
            after,
            actor: Actor::Operator,
            reference: REFERENCE.to_owned(),
            is_heard: false,
            now,
        };
        assert!(ready(self.ledger.ask(&id, &put)).expect("a ledger").made);
    }

    /// What the gate makes of a request.
    pub(crate) fn gate(&self, request: &Request<'_>) -> Decision {
        let entropy = Entropy { reference: [7; 8], ..Entropy::default() };
        let gate = ready(saml_edge::gate(
            &self.service(),
            request,
            request.route().as_ref(),
            &entropy,
            self.now,
        ));
        if let Some(passage) = ForwardedRequest::without_renewal(
            request,
            request.route().as_ref(),
            &self.config,
            self.now,
        ) {
            assert_eq!(format!("{:?}", Decision::Forward(passage)), format!("{gate:?}"));
        }
        gate
    }

    /// The identity token that an origin behind the gate gets of this browser.
    pub(crate) fn token(&self) -> String {
        let config = config_with(&[("ORIGIN", "http://127.0.0.1:9000")]);
        let cookies = self.cookies("");
        let request = Request {
            method: "GET".into(),
            path: "/",
            cookies: Some(&cookies),
            ..Request::default()
        };
        let passage = ForwardedRequest::without_renewal(
            &request,
            request.route().as_ref(),
            &config,
            self.now,
        )
        .expect("a session");
        let told = passage.headers().find(|(name, _)| *name == "x-saml-edge-jwt-assertion");
        told.expect("a token").1.to_owned()
    }

    /// Does a task of a round.
    pub(crate) fn work(&self, task: &Task) -> TaskOutcome {
        ready(saml_edge::work(&self.service(), task, REFERENCE, self.now))
    }

    pub(crate) fn refresh(&self, account: &str, now: UnixTime) -> Result<Refreshed, Fault> {
        let account = AccountId::parse(account).expect("an account");
        ready(saml_edge::refresh(&self.service(), &account, REFERENCE, now))
    }

    pub(crate) fn service(&self) -> Service<'_, Memory> {
        Service {
            config: &self.config,
            accounts: &self.store,
            ledger: &self.ledger,
            private_keys: &self.private_keys,
            metadata: &self.metadata,
            network: &self.web,
        }
    }

    /// Keeps a refusal in the ledger of `acme`.
    pub(crate) fn note(&self, refusal: &PastRefusal) {
        let acme = AccountId::parse("acme").expect("an id");
        ready(self.ledger.ask(&acme, &NoteRefusal(refusal.clone()))).expect("a ledger");
    }
}
