//! Forms of our own pages, as the browser posts them back.

use saml_verify::decode_document;
use saml_verify::error::Refusal;
use saml_verify::limits::FORM_FIELDS;

use crate::config::parse::Config;
use crate::error::Error;
use crate::error::denial::SessionDenial;
use crate::http::request::Request;
use crate::limits::OWN_FORM_OCTETS;
use crate::platform::body;
use crate::platform::body::Body;

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

    /// [`Self::read_within`], or `multipart/form-data`: few fields, each once, and all of them
    /// text: a file may be in UTF-16.
    pub(crate) async fn read_with_files<B: Body>(
        limit: usize,
        request: &Request<'_>,
        body: B,
    ) -> Result<Self, Error> {
        let Some(content_type) = request.content_type.filter(|it| is_form_with_files(it)) else {
            return Self::read_within(limit, request, body).await;
        };
        let octets = body::read(body, limit).await?;
        let fields = B::fields(content_type, &octets).await.ok_or(Refusal::FormMalformed)?;
        if fields.len() > FORM_FIELDS {
            return Err(Refusal::FormFieldCount.into());
        }
        let mut form = Self(Vec::new());
        for (name, octets) in fields {
            if form.field(&name).is_some() {
                return Err(Refusal::FormMalformed.into());
            }
            form.0.push((name, decode_document(octets)?));
        }
        Ok(form)
    }

    /// The first field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name)?;
        Some(&field.1)
    }
}

/// Media types compare without case; a charset parameter changes nothing (RFC 9110 §8.3.1).
fn is_form(content_type: &str) -> bool {
    is_of_type(content_type, "application/x-www-form-urlencoded")
}

/// A form that carries files (RFC 7578).
fn is_form_with_files(content_type: &str) -> bool {
    is_of_type(content_type, "multipart/form-data")
}

fn is_of_type(content_type: &str, media_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(media_type)
}

/// Denies a form that another site may have posted. Browsers say where a form comes from in
/// Sec-Fetch-Site, and older ones in Origin alone (row F4).
pub(crate) fn require_own(request: &Request<'_>, config: &Config) -> Result<(), SessionDenial> {
    let is_own = match request.fetch_site {
        Some(site) => site == "same-origin",
        None => request.origin == Some(config.base_url()),
    };
    if is_own { Ok(()) } else { Err(SessionDenial::CrossSiteForm) }
}
