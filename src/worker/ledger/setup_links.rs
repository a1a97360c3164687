//! The setup links of an account, in its ledger. Those that are over or revoked have no row.

use serde::Deserialize;
use serde::de::IgnoredAny;
use worker::{Result, SqlStorage, SqlStorageValue};

use crate::ledger::noted::Noted;
use crate::ledger::setup_links::SetupLink;
use crate::limits::SETUP_LINKS;
use crate::worker::ledger::audit_log;
use crate::worker::ledger::call::AddSetupLink;

/// Keeps a link, where fewer than [`SETUP_LINKS`] stand. Returns whether it stands.
pub(super) fn add(sql: &SqlStorage, added: AddSetupLink) -> Result<bool> {
    let AddSetupLink { id, note, created, expires, noted } = added;
    if all(sql, created)?.len() >= SETUP_LINKS {
        return Ok(false);
    }
    let insert = "INSERT INTO setup_links (id, note, created, expires) VALUES (?, ?, ?, ?)";
    sql.exec(insert, vec![id.into(), note.into(), created.into(), expires.into()])?;
    audit_log::note(sql, noted).map(|()| true)
}

pub(super) fn all(sql: &SqlStorage, now: i64) -> Result<Vec<SetupLink>> {
    let select = "SELECT id, note, created, expires, opened FROM setup_links \
                  WHERE expires > ? ORDER BY place";
    sql.exec(select, vec![now.into()])?.to_array()
}

/// Opens a link, if it stands.
pub(super) fn open(sql: &SqlStorage, id: String, noted: Option<Noted>, now: i64) -> Result<bool> {
    let first = "UPDATE setup_links SET opened = ?1 \
                 WHERE id = ?2 AND expires > ?1 AND opened IS NULL RETURNING 1";
    if stood(sql, first, vec![now.into(), id.clone().into()])? {
        return audit_log::note(sql, noted).map(|()| true);
    }
    let update = "UPDATE setup_links SET opened = ?1 WHERE id = ?2 AND expires > ?1 RETURNING 1";
    stood(sql, update, vec![now.into(), id.into()])
}

pub(super) fn revoke(sql: &SqlStorage, id: String, noted: Option<Noted>, now: i64) -> Result<bool> {
    let delete = "DELETE FROM setup_links WHERE id = ?2 AND expires > ?1 RETURNING 1";
    let stood = stood(sql, delete, vec![now.into(), id.into()])?;
    if stood {
        audit_log::note(sql, noted)?;
    }
    Ok(stood)
}

/// Whether the link `id` stands.
pub(super) fn stands(sql: &SqlStorage, id: &str, now: i64) -> Result<bool> {
    let select = "SELECT 1 FROM setup_links WHERE id = ? AND expires > ?";
    stood(sql, select, vec![id.into(), now.into()])
}

#[derive(Deserialize)]
struct Link {
    id: String,
    expires: i64,
}

/// Ends all links. Returns the ids of those that stood.
pub(super) fn end_every(sql: &SqlStorage, now: i64) -> Result<Vec<String>> {
    let delete = "DELETE FROM setup_links RETURNING id, expires";
    let links = sql.exec(delete, None)?.to_array::<Link>()?;
    Ok(links.into_iter().filter(|it| it.expires > now).map(|it| it.id).collect())
}

fn stood(sql: &SqlStorage, statement: &str, bindings: Vec<SqlStorageValue>) -> Result<bool> {
    Ok(!sql.exec(statement, bindings)?.to_array::<IgnoredAny>()?.is_empty())
}
