//! A file of secrets, replaced in one step and readable by no other user.

use std::ffi::OsString;
use std::fs::{
    OpenOptions, Permissions, {self},
};
use std::io::{
    Write as _, {self},
};
use std::path::{Path, PathBuf};

use crate::input::Unreadable;

/// Writes `after` into the file, and `before` into one beside it, whose path it returns. That file
/// must not exist yet: it may hold the only copy of keys that a Worker still uses.
pub(crate) fn replace(path: &Path, before: &str, after: &str) -> Result<PathBuf, Unreadable> {
    // A link stays one.
    let path = &fs::canonicalize(path).map_err(failed(path))?;
    let permissions = fs::metadata(path).map_err(failed(path))?.permissions();
    let old = beside(path, ".old");
    create(&old, before, &permissions)?;
    let replaced = overwrite(path, after);
    if replaced.is_err() {
        // The file itself is as it was.
        fs::remove_file(&old).map_err(failed(&old))?;
    }
    replaced.map(|()| old)
}

/// Writes `text` into the file in one step.
pub(crate) fn overwrite(path: &Path, text: &str) -> Result<(), Unreadable> {
    let path = &fs::canonicalize(path).map_err(failed(path))?;
    let permissions = fs::metadata(path).map_err(failed(path))?.permissions();
    let new = beside(path, ".new");
    create(&new, text, &permissions)?;
    fs::rename(&new, path).map_err(failed(path))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// Creates a file that no other user can read at first, and then those who could read the file that
/// it replaces.
fn create(path: &Path, text: &str, permissions: &Permissions) -> Result<(), Unreadable> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed(path))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(permissions.clone()))
        .and_then(|()| file.sync_all());
    if written.is_err() {
        fs::remove_file(path).map_err(failed(path))?;
    }
    written.map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Unreadable {
    let path = path.display().to_string();
    move |error| match error.kind() {
        io::ErrorKind::AlreadyExists => Unreadable(format!(
            "{path} is there from an earlier rotation; \
             remove it when what that one made is uploaded"
        )),
        _ => Unreadable(format!("{path}: {error}")),
    }
}
