//! Earlier metadata is restored on the settings page.

use crate::common::METADATA;
use crate::settings::changes::{
    confirm, edit, edit_and_confirm, hidden, metadata, other, prove, world,
};
use crate::settings::page::form_token;
use crate::settings::setup_links::{
    SETTINGS, {self},
};
use crate::support::world::World;

#[test]
fn earlier_metadata_comes_back() {
    let (mut world, other) = (world(), other());
    assert!(!world.get(SETTINGS).answer.body.contains("Earlier metadata"));
    edit_and_confirm(&mut world, &[("edit", "metadata"), ("metadata", &other)]);
    let page = world.get(SETTINGS);
    // What somebody had put there before, in whatever way.
    assert!(page.answer.body.contains("by this product’s operators"));
    let version = hidden(&page, "version");
    let shown = edit(&mut world, &[("edit", "restore"), ("version", &version)]);
    assert!(shown.answer.body.contains("From https://other.example/metadata"));
    let restored = hidden(&shown, "metadata");
    assert_eq!(restored, METADATA.trim());
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &restored)]);
    assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
    assert!(world.get(SETTINGS).answer.body.contains("by a holder of a setup link"));
    for version in ["", "x", "99", "-1", "9007199254740993"] {
        let seen = edit(&mut world, &[("edit", "restore"), ("version", version)]);
        assert_eq!(seen.answer.status, 400, "{version}");
        assert!(seen.answer.body.contains("That version is no longer kept."));
    }
}

#[test]
fn deleted_metadata_comes_back() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let (form_token, other) = (form_token(&world.get(SETTINGS).answer.body), other());
    let fields = [("form_token", &*form_token), ("edit", "metadata"), ("metadata", &*other)];
    let shown = world.submit(SETTINGS, &fields);
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &other)]);
    // Their session is over with it.
    assert_eq!(world.get(SETTINGS).answer.status, 303);
    world.config = setup_links::world().config;
    setup_links::enter(&mut world);
    edit_and_confirm(&mut world, &[("edit", "delete")]);
    setup_links::enter(&mut world);
    let page = world.get(SETTINGS);
    assert!(page.answer.body.contains("by another administrator"));
    let version = hidden(&page, "version");
    let shown = edit(&mut world, &[("edit", "restore"), ("version", &version)]);
    assert!(shown.answer.body.contains("Switch single sign-on on?"));
    let restored = hidden(&shown, "metadata");
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &restored)]);
    assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
}
