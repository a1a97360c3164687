//! `wasm-bindgen INPUT --target TARGET --out-dir FOLDER --out-name NAME`, with the options of
//! wasm-bindgen-cli that `.make/worker` and the benches use.

use std::env::args;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    let mut folder = None;
    let mut arguments = args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} has no value"));
        match argument.as_str() {
            "--out-dir" => folder = Some(value()?),
            "--out-name" => _ = bindgen.out_name(&value()?),
            "--target" => match value()?.as_str() {
                "module" => _ = bindgen.module(true)?,
                "nodejs" => _ = bindgen.nodejs(true)?,
                target => return Err(format!("no target {target} in this build").into()),
            },
            "--no-typescript" => _ = bindgen.typescript(false),
            "--no-demangle" => _ = bindgen.demangle(false),
            "--experimental-reset-state-function" => _ = bindgen.reset_state_function(true),
            "--force-enable-abort-handler" => _ = bindgen.force_enable_abort_handler(true),
            option if option.starts_with('-') => {
                return Err(format!("no option {option} in this build").into());
            }
            input => _ = bindgen.input_path(input),
        }
    }
    bindgen.generate(folder.ok_or("no --out-dir")?)?;
    Ok(())
}
