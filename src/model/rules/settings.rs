//! Rule 13: anyone changes the settings of a board.

use super::{effect::Effect, field::FieldConflicts};
use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    command::SettingsEdit,
    rejection::{FieldConflict, Rejection},
    setting::{ReasonPolicy, Setting, SettingKey},
};

/// Rule 10 holds for each of the settings.
pub(in crate::model) fn edit(
    edit: &mut BoardEdit,
    settings: SettingsEdit,
) -> Result<Effect, Rejection> {
    let before: &Board = edit;
    let (old_name, old_purpose) = (before.name().clone(), before.purpose().cloned());
    let (old_terminology, old_reasons) = (before.terminology().cloned(), before.reasons());
    let mut conflicts = FieldConflicts::default();
    let name = conflicts.resolve(&old_name, settings.name, |now, sent| FieldConflict::Name {
        now,
        sent,
    });
    let purpose = conflicts.resolve(&old_purpose, settings.purpose, |now, sent| {
        FieldConflict::Purpose { now, sent }
    });
    let terminology = conflicts.resolve(&old_terminology, settings.terminology, |now, sent| {
        FieldConflict::Terminology { now, sent }
    });
    let reasons = conflicts.resolve(&old_reasons, settings.reasons, |now, sent| {
        FieldConflict::Reasons { now, sent }
    });
    conflicts.check()?;
    let action = Action::EditedBoard {
        name: (name != old_name).then(|| name.clone()),
        purpose: purpose != old_purpose,
        terminology: terminology != old_terminology,
        reasons: (reasons != old_reasons).then_some(reasons),
    };
    if name != old_name {
        edit.put(Setting::Name(name));
    }
    set(edit, SettingKey::Purpose, purpose.map(Setting::Purpose));
    let terminology = terminology.map(Setting::Terminology);
    set(edit, SettingKey::Terminology, terminology);
    let required = (reasons != ReasonPolicy::default()).then_some(Setting::Reasons(reasons));
    set(edit, SettingKey::Reasons, required);
    Ok(Effect::new(action))
}

/// Makes a setting, or removes it.
pub(super) fn set(edit: &mut BoardEdit, key: SettingKey, setting: Option<Setting>) {
    match setting {
        Some(setting) => edit.put(setting),
        None => edit.remove::<Setting>(&key),
    }
}
