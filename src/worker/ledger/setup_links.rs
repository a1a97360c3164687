//! The setup links of an account, in its ledger. Those that are over or revoked have no row.

use serde::de::IgnoredAny;
use worker::{Result, SqlStorage, SqlStorageValue};

use crate::service::SetupLink;

pub(super) fn add(sql: &SqlStorage, link: SetupLink) -> Result<()> {
    let SetupLink { id, note, created, expires, opened } = link;
    let insert =
        "INSERT INTO setup_links (id, note, created, expires, opened) VALUES (?, ?, ?, ?, ?)";
    sql.exec(insert, vec![id.into(), note.into(), created.into(), expires.into(), opened.into()])?;
    Ok(())
}

pub(super) fn all(sql: &SqlStorage, now: i64) -> Result<Vec<SetupLink>> {
    let select = "SELECT id, note, created, expires, opened FROM setup_links \
                  WHERE expires > ? ORDER BY place";
    sql.exec(select, vec![now.into()])?.to_array()
}

/// Notes that a link was opened, if it stands.
pub(super) fn open(sql: &SqlStorage, id: String, now: i64) -> Result<bool> {
    let update = "UPDATE setup_links SET opened = ?1 WHERE id = ?2 AND expires > ?1 RETURNING 1";
    stood(sql, update, vec![now.into(), id.into()])
}

pub(super) fn revoke(sql: &SqlStorage, id: String, now: i64) -> Result<bool> {
    let delete = "DELETE FROM setup_links WHERE id = ?2 AND expires > ?1 RETURNING 1";
    stood(sql, delete, vec![now.into(), id.into()])
}

fn stood(sql: &SqlStorage, statement: &str, bindings: Vec<SqlStorageValue>) -> Result<bool> {
    Ok(!sql.exec(statement, bindings)?.to_array::<IgnoredAny>()?.is_empty())
}
