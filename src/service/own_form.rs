//! Forms of our own pages, as the browser posts them back.

use crate::error::Refusal;
use crate::form::is_form;
use crate::limits::OWN_FORM_OCTETS;
use crate::service::Request;
use crate::service::body::{self, Body};
use crate::service::config::Config;
use crate::service::error::{Denial, Error};

/// The fields, decoded and nothing more.
#[derive(Debug)]
pub(crate) struct OwnForm(Vec<(String, String)>);

impl OwnForm {
    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) async fn read(request: &Request<'_>, body: impl Body) -> Result<Self, Error> {
        Self::read_within(OWN_FORM_OCTETS, request, body).await
    }

    /// The same, if no other site can have posted it ([`require_own`]).
    pub(crate) async fn read_own(
        request: &Request<'_>,
        body: impl Body,
        config: &Config,
    ) -> Result<Self, Error> {
        require_own(request, config)?;
        Self::read(request, body).await
    }

    /// [`Self::read`], where a form may be of `limit` octets.
    pub(crate) async fn read_within(
        limit: usize,
        request: &Request<'_>,
        body: impl Body,
    ) -> Result<Self, Error> {
        let octets = body::read(body, limit).await?;
        if !request.content_type.is_some_and(is_form) {
            return Err(Refusal::FormMalformed.into());
        }
        Ok(Self(form_urlencoded::parse(&octets).into_owned().collect()))
    }

    /// The first field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name)?;
        Some(&field.1)
    }
}

/// Denies a form that another site may have posted. Browsers say where a form comes from in
/// Sec-Fetch-Site, and older ones in Origin alone (row F4).
pub(crate) fn require_own(request: &Request<'_>, config: &Config) -> Result<(), Denial> {
    let is_own = match request.fetch_site {
        Some(site) => site == "same-origin",
        None => request.origin == Some(config.base_url()),
    };
    if is_own { Ok(()) } else { Err(Denial::CrossSiteForm) }
}
