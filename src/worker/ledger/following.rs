//! What became of the address that an account's metadata follows: one row.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::following::{Following, LastRefresh, Staged};
use crate::ledger::noted::Noted;
use crate::worker::ledger::audit_log;

#[derive(Deserialize)]
struct Row {
    last_at: Option<i64>,
    last_code: Option<String>,
    id: Option<String>,
    url: Option<String>,
    metadata: Option<String>,
    at: Option<i64>,
    is_dismissed: Option<i64>,
}

impl Row {
    fn following(self) -> Following {
        let Self { last_at, last_code, id, url, metadata, at, is_dismissed } = self;
        let last = last_at.zip(last_code).map(|(at, code)| LastRefresh { at, code });
        let staged = || {
            let is_dismissed = is_dismissed? != 0;
            Some(Staged { id: id?, url: url?, metadata: metadata?, at: at?, is_dismissed })
        };
        Following { last, staged: staged() }
    }
}

pub(super) fn kept(sql: &SqlStorage) -> Result<Following> {
    let row: Option<Row> = sql.exec("SELECT * FROM following", None)?.to_array()?.pop();
    Ok(row.map(Row::following).unwrap_or_default())
}

pub(super) fn keep(sql: &SqlStorage, following: Following, noted: Option<Noted>) -> Result<()> {
    let (Following { last, staged }, is_news) = following.instead_of(&kept(sql)?);
    audit_log::note(sql, noted.filter(|_| is_news))?;
    let (last, staged) = (last.as_ref(), staged.as_ref());
    let insert = "INSERT OR REPLACE INTO following \
                  (only, last_at, last_code, id, url, metadata, at, is_dismissed) \
                  VALUES (1, ?, ?, ?, ?, ?, ?, ?)";
    let row = vec![
        last.map(|it| it.at).into(),
        last.map(|it| it.code.clone()).into(),
        staged.map(|it| it.id.clone()).into(),
        staged.map(|it| it.url.clone()).into(),
        staged.map(|it| it.metadata.clone()).into(),
        staged.map(|it| it.at).into(),
        staged.map(|it| i64::from(it.is_dismissed)).into(),
    ];
    sql.exec(insert, row)?;
    Ok(())
}
