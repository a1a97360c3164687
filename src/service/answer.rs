//! From outcomes to HTTP: the only place that knows status codes and headers.

use std::borrow::Cow;

use askama::Template;
use saml_verify::error::Kind;
use saml_verify::saml::{IdpMetadata, LogoutAnswer};
use serde::Serialize;

use crate::service::account::AccountId;
use crate::service::admin::Problem;
use crate::service::advice::Advice;
use crate::service::branding::{Brand, source_of, source_of_url};
use crate::service::config::Config;
use crate::service::error::{Denial, Error, Fault};
use crate::service::pages::{
    ConfirmPage, DevicesPage, Layout, NoticePage, Page, ProblemPage, RequestPage, SUBMIT,
    SignOutPage, SignedOutPage, StartPage, TestPage,
};
use crate::service::send::Carrier;
use crate::service::session::Session;
use crate::service::start::Started;

/// A response, ready to send.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, with their values. Set-Cookie may stand here several times.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: String,
    /// What becomes the body once the brand is known.
    sheet: Option<Sheet>,
}

/// A page that still lacks what all pages share.
#[derive(Clone, Debug)]
struct Sheet {
    title: String,
    /// HTML.
    content: String,
    /// Where its forms may lead.
    form_action: &'static str,
    /// Who may show it in a frame, if anybody.
    frame_ancestors: Option<String>,
    /// The script in it.
    script: Option<&'static str>,
}

/// The Cache-Control of whatever carries a cookie of ours (row H17).
pub(crate) const NOT_STORED: &str = "private, no-store";

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";
/// Metadata §4.1.1.
const SAML_METADATA: &str = "application/samlmetadata+xml";

const HEALTH: &str = concat!(r#"{"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
const NOT_SIGNED_IN: &str = r#"{"error":"not_signed_in","login":"/sso/login"}"#;

impl Answer {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![
            ("cache-control", "no-store".to_owned()),
            ("content-type", content_type.to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        Self { status, headers, body, sheet: None }.with("content-security-policy", CLOSED)
    }

    /// Sets a header, in place of the one of that name.
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn with_cookies(mut self, set_cookies: impl IntoIterator<Item = String>) -> Self {
        self.headers.extend(set_cookies.into_iter().map(|cookie| ("set-cookie", cookie)));
        self
    }

    fn page(status: u16, page: &impl Page) -> Self {
        let Ok(content) = page.render() else { return Self::unwritable() };
        let title = page.title().to_owned();
        let form_action = "'none'";
        let sheet = Sheet { title, content, form_action, frame_ancestors: None, script: None };
        Self { sheet: Some(sheet), ..Self::new(status, HTML, String::new()) }
    }

    fn unwritable() -> Self {
        Self::new(500, "text/plain", "The page cannot be written.".to_owned())
    }

    /// Says where the page's forms may lead.
    fn form_action(mut self, form_action: &'static str) -> Self {
        if let Some(sheet) = &mut self.sheet {
            sheet.form_action = form_action;
        }
        self
    }

    fn script(mut self, script: &'static str) -> Self {
        if let Some(sheet) = &mut self.sheet {
            sheet.script = Some(script);
        }
        self
    }

    /// The answer as it goes out: a page in its product's colours, and a cookie for one browser alone.
    pub(crate) fn dressed(mut self, brand: &Brand) -> Self {
        if self.headers.iter().any(|(name, _)| *name == "set-cookie") {
            self = self.with("cache-control", NOT_STORED);
        }
        let Some(sheet) = self.sheet.take() else { return self };
        let layout = Layout { brand, title: &sheet.title, content: &sheet.content };
        let Ok(html) = layout.render() else { return Self::unwritable() };
        let policy = policy(&sheet, brand);
        Self { body: html, ..self }.with("content-security-policy", &policy)
    }

    /// The same for a service that is reached by https: by nothing else for a year (RFC 6797), on its host
    /// alone. Sibling hosts are not ours to decide about.
    pub(crate) fn secured(self) -> Self {
        self.with("strict-transport-security", "max-age=31536000")
    }

    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(json) => Self::new(status, JSON, json),
            Err(_) => Self::new(500, JSON, r#"{"error":"json_unwritable"}"#.to_owned()),
        }
    }

    /// JSON that is written already.
    pub(crate) fn json_text(json: &str) -> Self {
        Self::new(200, JSON, json.to_owned())
    }

    /// Done, and nothing to say.
    pub(crate) fn no_content() -> Self {
        Self::new(204, JSON, String::new())
    }

    fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "text/plain", String::new()).with("location", location)
    }

    /// On to the IdP, whose answer comes as a POST of its own.
    pub(crate) fn to_idp(started: Started) -> Self {
        Self::carry(302, started.request).with_cookies(started.set_cookies)
    }

    /// A message on its way to the IdP; by redirect, with that status.
    pub(crate) fn carry(status: u16, carrier: Carrier) -> Self {
        match carrier {
            Carrier::Address(url) => Self::redirect(status, &url),
            Carrier::Form(form) => {
                // Not the IdP's origin alone: browsers hold form-action against every address that
                // the IdP redirects to.
                let targets =
                    if form.action.url().scheme() == "https" { "https:" } else { "http: https:" };
                Self::page(200, &RequestPage { form: &form }).form_action(targets).script(SUBMIT)
            }
        }
    }

    /// On to the login of somebody who was on the way to another page.
    pub(crate) fn found(path: &str) -> Self {
        Self::redirect(302, path)
    }

    /// The same by https, whatever the method.
    pub(crate) fn by_https(url: &str) -> Self {
        Self::redirect(308, url)
    }

    /// On to a page of this site. 303, so that a reload posts nothing again.
    pub(crate) fn see_other(path: &str) -> Self {
        Self::redirect(303, path)
    }

    /// Who is signed in.
    pub(crate) fn start_page(session: &Session, config: &Config) -> Self {
        let is_administrator = config.admin_roles.contains(&session.role);
        Self::own_form_page(&StartPage { session, is_administrator }, config)
    }

    /// Where the user is signed in.
    pub(crate) fn devices_page(page: &DevicesPage<'_>, config: &Config) -> Self {
        Self::own_form_page(page, config)
    }

    /// Says that the devices are not known.
    pub(crate) fn devices_failed(error: &Error, reference: &str) -> Self {
        Self::problem_page(error, &Advice::on_devices(), None, reference)
    }

    /// Asks before it signs out.
    pub(crate) fn sign_out_page(session: &Session, config: &Config) -> Self {
        Self::own_form_page(&SignOutPage { session }, config)
    }

    /// Nobody is signed in.
    pub(crate) fn signed_out_page(said: LogoutAnswer) -> Self {
        Self::page(200, &SignedOutPage { said })
    }

    /// Lets the IdP show the page in a frame, as IdPs do that log out in several places at once.
    pub(crate) fn framed_by(mut self, idp: &IdpMetadata) -> Self {
        if let Some(sheet) = &mut self.sheet {
            let endpoints = idp.single_logout_services().iter();
            let sources = endpoints.filter_map(|it| source_of_url(it.location.url()));
            sheet.frame_ancestors = sources.reduce(|all, one| all + " " + &one);
        }
        self
    }

    /// A page with a form that changes a session and may lead to the IdP. The browser must say that
    /// the form is ours, and under the policy of other pages its Origin would be null.
    fn own_form_page(page: &impl Page, config: &Config) -> Self {
        Self::form_page(200, page, config).with("referrer-policy", "same-origin")
    }

    /// A page with a form that leads to the IdP. Browsers hold form-action against every address that
    /// a form leads to.
    pub(crate) fn form_page(status: u16, page: &impl Page, config: &Config) -> Self {
        let targets = if config.is_secure() { "'self' https:" } else { "'self' http: https:" };
        Self::page(status, page).form_action(targets)
    }

    /// Asks before a session is replaced. The browser must say that the form is ours, and under the
    /// policy of other pages its Origin would be null.
    pub(crate) fn confirm_page(page: &ConfirmPage<'_>) -> Self {
        Self::page(200, page).form_action("'self'").with("referrer-policy", "same-origin")
    }

    /// The signed-in user, for the product's front end.
    pub(crate) fn session(session: Option<&Session>) -> Self {
        #[derive(Serialize)]
        struct User<'a> {
            sub: &'a str,
            account: &'a str,
            email: &'a str,
            name: &'a str,
            role: &'a str,
            exp: i64,
        }
        let Some(Session { sub, account, email, name, role, until, .. }) = session else {
            return Self::new(401, JSON, NOT_SIGNED_IN.to_owned());
        };
        Self::json(200, &User { sub, account, email, name, role, exp: *until })
    }

    /// The public keys. Five minutes: as long as a new key must be published before it signs.
    pub(crate) fn jwks(jwks: &str) -> Self {
        Self::new(200, JSON, jwks.to_owned()).with("cache-control", "public, max-age=300")
    }

    /// SP metadata. Five minutes: settings and certificates change.
    pub(crate) fn sp_metadata(xml: String) -> Self {
        Self::new(200, SAML_METADATA, xml).with("cache-control", "public, max-age=300")
    }

    /// An IdP's metadata, as it was stored.
    pub(crate) fn stored_metadata(xml: String) -> Self {
        Self::new(200, SAML_METADATA, xml)
    }

    /// Names the state that it shows. Whoever compresses an answer on the way would have to weaken its
    /// tag (RFC 9110 §8.8.1), and If-Match takes no weak one.
    pub(crate) fn tagged(self, etag: &str) -> Self {
        self.with("cache-control", "no-store, no-transform").with("etag", etag)
    }

    /// The Worker runs.
    pub(crate) fn health() -> Self {
        Self::new(200, JSON, HEALTH.to_owned())
    }

    /// Nothing is at this path.
    pub(crate) fn not_found() -> Self {
        Self::page(404, &NoticePage { title: "There is no such page" })
    }

    /// Something is at this path, but not for this method.
    pub(crate) fn method_not_allowed(methods: &str) -> Self {
        Self::page(405, &NoticePage { title: "This page cannot be used in this way" })
            .with("allow", methods)
    }

    /// What went wrong in the admin API (RFC 9457).
    pub(crate) fn problem(problem: &Problem, reference: &str) -> Self {
        #[derive(Serialize)]
        struct Details<'a> {
            title: &'static str,
            status: u16,
            code: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<String>,
            reference: &'a str,
        }
        let (status, title) = match problem {
            Problem::CursorInvalid
            | Problem::EraseInvalid
            | Problem::ExpiresInInvalid
            | Problem::JsonInvalid { .. }
            | Problem::LimitInvalid
            | Problem::NoteInvalid
            | Problem::SubMissing => (400, "Bad Request"),
            Problem::TokenInvalid => (401, "Unauthorized"),
            Problem::AccountAbsent
            | Problem::MetadataAbsent
            | Problem::MetadataUrlAbsent
            | Problem::PairUnknown
            | Problem::PathUnknown
            | Problem::SetupLinkUnknown
            | Problem::StagedUnknown
            | Problem::UserUnknown
            | Problem::VersionUnknown => (404, "Not Found"),
            Problem::MethodNotAllowed { .. } => (405, "Method Not Allowed"),
            Problem::SetupLinkCount | Problem::Denied(Denial::EntityIdTaken) => (409, "Conflict"),
            Problem::Denied(Denial::AccountChanged) | Problem::Exists => {
                (412, "Precondition Failed")
            }
            Problem::BodyTooLarge { .. } => (413, "Content Too Large"),
            Problem::ContentTypeUnsupported { .. } => (415, "Unsupported Media Type"),
            Problem::Refused(_)
            | Problem::Denied(
                Denial::MetadataUrlForbidden
                | Denial::MetadataUrlRedirected
                | Denial::MetadataUrlUnanswered { .. },
            ) => (422, "Unprocessable Content"),
            Problem::IfMatchMissing => (428, "Precondition Required"),
            Problem::TooManyRequests => (429, "Too Many Requests"),
            Problem::Fault(Fault::LedgerUnreachable(_) | Fault::StoreUnreachable(_)) => {
                (503, "Service Unavailable")
            }
            Problem::Denied(_) | Problem::Fault(_) => (500, "Internal Server Error"),
        };
        // A platform's error text is for the log.
        let is_ours = matches!(problem, Problem::Fault(_));
        let (code, field) = (problem.code(), problem.field());
        let detail = (!is_ours).then(|| problem.to_string());
        let details = Details { title, status, code, field, detail, reference };
        let answer = Self::json(status, &details).with("content-type", "application/problem+json");
        match problem {
            Problem::MethodNotAllowed { allow } => answer.with("allow", allow),
            Problem::TooManyRequests => answer.with("retry-after", "60"),
            Problem::TokenInvalid => answer.with("www-authenticate", "Bearer"),
            Problem::AccountAbsent
            | Problem::BodyTooLarge { .. }
            | Problem::ContentTypeUnsupported { .. }
            | Problem::CursorInvalid
            | Problem::Denied(_)
            | Problem::Exists
            | Problem::EraseInvalid
            | Problem::ExpiresInInvalid
            | Problem::Fault(_)
            | Problem::IfMatchMissing
            | Problem::JsonInvalid { .. }
            | Problem::LimitInvalid
            | Problem::MetadataAbsent
            | Problem::MetadataUrlAbsent
            | Problem::NoteInvalid
            | Problem::PairUnknown
            | Problem::PathUnknown
            | Problem::Refused(_)
            | Problem::SetupLinkCount
            | Problem::SetupLinkUnknown
            | Problem::SubMissing
            | Problem::StagedUnknown
            | Problem::UserUnknown
            | Problem::VersionUnknown => answer,
        }
    }

    /// What a program is told where a person would see a page.
    pub(crate) fn failed_as_json(error: &Error, reference: &str) -> Self {
        #[derive(Serialize)]
        struct Failure<'a> {
            error: &'static str,
            reference: &'a str,
        }
        Self::json(status(error), &Failure { error: error.code(), reference })
    }

    /// Says what happened and what to do, never which check failed.
    pub(crate) fn failed(error: &Error, account: Option<&AccountId>, reference: &str) -> Self {
        Self::problem_page(error, &Advice::on(error), account, reference)
    }

    /// Says what became of signing out.
    pub(crate) fn logout_failed(
        error: &Error,
        account: Option<&AccountId>,
        reference: &str,
    ) -> Self {
        Self::problem_page(error, &Advice::on_logout(error), account, reference)
    }

    /// A page of the settings: its forms stay here, and the browser must say that they are ours.
    /// Under the policy of other pages their Origin would be null; no other site is told anything.
    pub(crate) fn settings_page(status: u16, page: &impl Page) -> Self {
        Self::page(status, page).form_action("'self'").with("referrer-policy", "same-origin")
    }

    /// The page of the settings from which a test starts, and so one form of it leads to the IdP.
    pub(crate) fn test_page(status: u16, page: &TestPage<'_>, config: &Config) -> Self {
        Self::form_page(status, page, config).with("referrer-policy", "same-origin")
    }

    /// Says why the settings were not shown or not changed.
    pub(crate) fn settings_failed(error: &Error, account: &AccountId, reference: &str) -> Self {
        Self::problem_page(error, &Advice::on_settings(error), Some(account), reference)
    }

    fn problem_page(
        error: &Error,
        advice: &Advice,
        account: Option<&AccountId>,
        reference: &str,
    ) -> Self {
        let account = account.map(AccountId::as_str);
        let page = Self::page(status(error), &ProblemPage { advice, account, reference });
        match error {
            Error::Denied(denial) => page.after(denial),
            Error::Fault(_) | Error::Metadata(_) | Error::Opened(_) | Error::Refused(_) => page,
        }
    }

    /// Says when to try again what is denied for a while.
    pub(crate) fn after(self, denial: &Denial) -> Self {
        match denial.retry_after() {
            Some(seconds) => self.with("retry-after", &seconds.to_string()),
            None => self,
        }
    }
}

/// The policy of what is no page.
const CLOSED: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Nothing but the page's own style, its one script if it has one, and the product's logo; no frame,
/// and forms only where the page says (row H6).
fn policy(sheet: &Sheet, brand: &Brand) -> String {
    let Sheet { form_action, script, .. } = sheet;
    let frame_ancestors = sheet.frame_ancestors.as_deref().unwrap_or("'none'");
    let mut policy = format!(
        "default-src 'none'; style-src {}; form-action {form_action}; base-uri 'none'; \
         frame-ancestors {frame_ancestors}",
        brand.style_source
    );
    if let Some(logo) = &brand.logo {
        policy.push_str("; img-src ");
        policy.push_str(&logo.source);
    }
    if let Some(script) = script {
        policy.push_str("; script-src ");
        policy.push_str(&source_of(script));
    }
    policy
}

/// Every trust failure has one status, so that none can be told from another.
fn status(error: &Error) -> u16 {
    match error {
        Error::Denied(Denial::PathAmbiguous) => 400,
        Error::Denied(Denial::NotSignedIn) => 401,
        Error::Denied(Denial::SsoNotEnabled) => 404,
        Error::Denied(Denial::AccountChanged) => 409,
        Error::Denied(denial) if denial.retry_after().is_some() => 429,
        Error::Denied(_) => 403,
        Error::Fault(Fault::BodyUnreadable(_)) => 400,
        Error::Fault(Fault::LedgerUnreachable(_) | Fault::StoreUnreachable(_)) => 503,
        Error::Fault(Fault::OriginTimeout) => 504,
        Error::Fault(Fault::OriginUnreachable(_)) => 502,
        Error::Fault(_) | Error::Metadata(_) => 500,
        Error::Opened(_) => 403,
        Error::Refused(refusal) => match refusal.kind() {
            Kind::Malformed | Kind::Unsupported => 400,
            Kind::TooLarge => 413,
            Kind::Untrusted => 403,
            Kind::Metadata => 500,
        },
    }
}

/// The first field of that name in a query.
pub(crate) fn field(query: Option<&str>, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(query?.as_bytes());
    fields.find(|(field, _)| field == name).map(|(_, value)| Cow::into_owned(value))
}
