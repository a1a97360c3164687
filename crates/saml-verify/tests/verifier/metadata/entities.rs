//! Which IdP of a document that describes several.

use saml_verify::saml::IdpMetadata;

use crate::common::documents::{GROUP, OTHER, both, entity, group, other_entity};
use crate::common::{IDP, METADATA, code};

fn service_provider() -> String {
    entity().replace("IDPSSODescriptor", "SPSSODescriptor")
}

#[test]
fn the_only_idp_of_a_group_needs_no_name() {
    let nested = group(&[&service_provider(), &group(&[&group(&[entity()])])]);
    let idp = IdpMetadata::parse(&nested).expect("usable metadata");
    assert_eq!(idp.entity_id(), IDP);
}

#[test]
fn one_of_several_is_chosen_by_its_entity_id() {
    let both = both();
    assert_eq!(IdpMetadata::entity_ids(&both), Ok(vec![IDP.to_owned(), OTHER.to_owned()]));
    for id in [IDP, OTHER] {
        let idp = IdpMetadata::parse_entity(&both, id).expect("usable metadata");
        assert_eq!(idp.entity_id(), id);
    }
    assert_eq!(code(&IdpMetadata::parse_entity(METADATA, IDP)), "accepted");
    assert_eq!(code(&IdpMetadata::parse_entity(METADATA, OTHER)), "entity_unknown");
    // Compared octet by octet (row B9).
    assert_eq!(
        code(&IdpMetadata::parse_entity(&both, "https://IDP.example/metadata")),
        "entity_unknown"
    );
}

#[test]
fn refuses_to_guess() {
    assert_eq!(code(&IdpMetadata::parse(&both())), "entity_ambiguous");
    let twice = group(&[entity(), entity()]);
    assert_eq!(code(&IdpMetadata::parse_entity(&twice, IDP)), "entity_ambiguous");
    // An entity may stand there a second time as a service provider.
    let roles = group(&[&service_provider(), entity()]);
    assert_eq!(code(&IdpMetadata::parse_entity(&roles, IDP)), "accepted");
    let (role, _) = entity().split_once("</EntityDescriptor>").expect("an entity");
    let (_, role) = role.split_once("metadata\">").expect("an entity");
    let two_roles = METADATA.replace("</EntityDescriptor>", &format!("{role}</EntityDescriptor>"));
    assert_eq!(code(&IdpMetadata::parse(&two_roles)), "idp_role_repeated");
    let both = group(&[two_roles.split_once("?>").expect("an XML declaration").1, &other_entity()]);
    assert_eq!(code(&IdpMetadata::parse(&both)), "entity_ambiguous");
    assert_eq!(code(&IdpMetadata::parse_entity(&both, IDP)), "idp_role_repeated");
    assert_eq!(code(&IdpMetadata::parse_entity(&both, OTHER)), "accepted");
    // One for SAML 1.1 is none of them.
    let older = two_roles.replacen("SAML:2.0:protocol", "SAML:1.1:protocol", 1);
    assert_eq!(code(&IdpMetadata::parse(&older)), "accepted");
}

#[test]
fn refuses_a_group_without_idp() {
    assert_eq!(code(&IdpMetadata::parse(&group(&[]))), "idp_role_missing");
    assert_eq!(code(&IdpMetadata::parse(&group(&[&service_provider()]))), "idp_role_missing");
    let service_provider = service_provider();
    assert_eq!(code(&IdpMetadata::parse_entity(&service_provider, IDP)), "idp_role_missing");
}

/// Row A4: a descriptor in an extension does not describe the entity.
#[test]
fn an_entity_inside_an_extension_is_none() {
    let hidden = format!("{GROUP}<Extensions>{}</Extensions></EntitiesDescriptor>", entity());
    assert_eq!(code(&IdpMetadata::parse(&hidden)), "idp_role_missing");
    let beside = format!(
        "{GROUP}<Extensions>{}</Extensions>{}</EntitiesDescriptor>",
        other_entity(),
        entity()
    );
    assert_eq!(IdpMetadata::parse(&beside).expect("usable metadata").entity_id(), IDP);
}
