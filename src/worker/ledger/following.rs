//! What became of the address that an account's metadata follows: one row.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use super::changes;
use crate::service::{Following, LastRefresh, Noted, Staged};

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
    let state = |it: &Following| it.staged.as_ref().map(|it| (it.id.clone(), it.is_dismissed));
    if state(&kept(sql)?) != state(&following) {
        changes::note(sql, noted)?;
    }
    let Following { last, staged } = following;
    let (last_at, last_code) = last.map(|it| (it.at, it.code)).unzip();
    let staged = staged.map(|it| {
        let Staged { id, url, metadata, at, is_dismissed } = it;
        (id, url, metadata, (at, i64::from(is_dismissed)))
    });
    let [id, url, metadata] = match &staged {
        Some((id, url, metadata, _)) => {
            [Some(id.clone()), Some(url.clone()), Some(metadata.clone())]
        }
        None => [None, None, None],
    };
    let (at, is_dismissed) = staged.map(|(_, _, _, times)| times).unzip();
    let insert = "INSERT OR REPLACE INTO following \
                  (only, last_at, last_code, id, url, metadata, at, is_dismissed) \
                  VALUES (1, ?, ?, ?, ?, ?, ?, ?)";
    let row = vec![
        last_at.into(),
        last_code.into(),
        id.into(),
        url.into(),
        metadata.into(),
        at.into(),
        is_dismissed.into(),
    ];
    sql.exec(insert, row)?;
    Ok(())
}
