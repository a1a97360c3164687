//! `saml-edge keygen`

use std::process::ExitCode;

use saml_edge::service::dotenv;

use crate::input::{Unreadable, draw};

pub(crate) fn run() -> Result<ExitCode, Unreadable> {
    loop {
        if let Some(lines) = dotenv(&draw()?, &draw()?) {
            print!("{lines}");
            return Ok(ExitCode::SUCCESS);
        }
    }
}
