use super::*;

#[test]
fn every_preset_is_readable_and_asks_for_an_identity() {
    let names = Preset::names();

    assert!(names.contains(&"oidc".to_owned()), "{names:?}");
    for name in names {
        let preset = Preset::find(&name).expect(&name);
        assert!(preset.kind != Kind::Oidc || preset.scopes.contains(&"openid".to_owned()), "{name}");
        assert!(!preset.name.is_empty() && !preset.mark.is_empty(), "{name}");
        assert!(!preset.profile.subject.is_empty(), "{name}");
    }
}

#[test]
fn a_preset_that_is_not_there_is_not_found() {
    for name in ["", "nowhere", "../mod", "oidc.toml"] {
        assert!(Preset::find(name).is_err(), "{name}");
    }
}

#[test]
fn an_alias_is_the_preset_itself() {
    for (alias, name) in ALIASES {
        assert_eq!(Preset::find(alias).map(|preset| preset.name).ok(), Preset::find(name).map(|preset| preset.name).ok(), "{alias}");
    }
}
