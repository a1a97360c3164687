//! The text between Rust and `message.js`; `tests/e2e/message.test.mjs` reads the same fixture.

#[path = "../../../src/worker/http/orders.rs"]
mod writer;

use writer::Forward;

#[test]
fn orders_are_written_as_javascript_reads_them() {
    let forward = Forward {
        address: "https://origin.example/a?b=c",
        is_service: false,
        has_body: true,
        no_store: true,
        timeout_seconds: Some(100),
    };
    let removed = ["cookie", "x-forwarded-for"].into_iter();
    let set = [("cookie", "a=1; b=2"), ("x-saml-edge-name", "Lovelace, Ada")].into_iter();
    let text = forward.orders(removed, set);
    assert_eq!(text, include_str!("../../common/orders.txt"));
    let forward =
        Forward { address: "https://app.example/", is_service: true, ..Forward::default() };
    let text = forward.orders([].into_iter(), [].into_iter());
    assert_eq!(text, "https://app.example/\nservice \n\n");
}
