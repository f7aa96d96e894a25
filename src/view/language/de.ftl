# Deutsch. Die Wörter für Eintrag und Merkmal (-Item, -Items, -Feature, -Features) kommen beim Start dazu; weil niemand ihr
# Geschlecht kennt, steht vor keinem ein Artikel oder Adjektiv, das sich danach richten müsste.

## Jede Seite

back = ← Zurück zur Tafel
undo = Rückgängig
close = Schließen
languages = Sprache

## Die Tafel

history = Verlauf
share = Teilen
empty =
    Hier ist noch nichts. Füge oben { -Items } hinzu und schlage dann { -Features } dafür vor.
    Teile die Adresse dieser Seite: Wer sie hat, darf hinzufügen, vorschlagen und Veto einlegen.
stats =
    { $items ->
        [one] { $items } { -Item }
       *[other] { $items } { -Items }
    }, { $features ->
        [one] { $features } { -Feature }
       *[other] { $features } { -Features }
    }, { $vetoed } mit Veto, { $people ->
        [one] { $people } Person
       *[other] { $people } Personen
    }
items-heading = { -Items }
free-features = { -Features } für alle
items-and-free = { $items }, { $free }

## Eine neue Tafel

new-board = Neue Tafel
new-board-ask = Noch etwas zu entscheiden?
new-board-name = Name der Tafel

## Die Tafeln eines Browsers

boards = Deine Tafeln
boards-empty = Mit diesem Browser hast du noch bei keiner Tafel mitgemacht. Hier stehen die Tafeln, auf denen du etwas tust.
boards-more = Es gibt noch mehr: Dies sind die, auf denen zuletzt etwas geschah.
boards-me = Du bist { $name }. Letzte Änderung: { $time }
boards-looked-at = Nur angesehen
boards-looked-at-hint = Das merkt sich allein dieser Browser.
boards-forget = Vergessen
boards-forget-named = { $board } vergessen

## Mit Passwort

login = Anmelden
login-heading = Bei SAVT anmelden
login-hint = Es ist offen für alle, die das Passwort kennen.
login-password = Passwort
login-wrong = Das ist nicht das Passwort.
login-too-often = Das war zu oft falsch. Bitte versuche es in { $seconds } s noch einmal.
logout = Abmelden

## Die Tasten

keys = Tasten
keys-on = Tasten sind eingeschaltet
keys-hint = Sie tun nichts, während du tippst.
key-rows = Nächste Zeile, vorige Zeile
key-veto = Veto, oder das Veto zurücknehmen
key-menu = Menü: umbenennen, verschieben, löschen
key-suggest = Hier noch etwas vorschlagen
key-new = { -Item } hinzufügen
key-undo = Rückgängig machen, was du zuletzt getan hast
key-filter = Wählen, was gezeigt wird
key-keys = Diese Tasten

## Die Wand

wall-empty = Hier ist noch nichts. Wer fügt als Erstes { -Items } hinzu?
wall-join = Mitmachen

## Was gezeigt wird

filter = Zeigen
filter-all = Alles
filter-fine = Gut für alle
filter-mine = Meine Vetos
filter-vetoed = Mit Veto
filter-show-all = Alles zeigen
filter-no-fine = Wo es { -Features } gibt, gibt es auch ein Veto.
filter-no-mine = Von dir gibt es kein Veto.
filter-no-vetoed = Bisher gibt es kein Veto.
filter-items = { -Items } { $here } von { $all }
filter-free = { -Features } für alle { $here } von { $all }
filter-shows = Gezeigt: { $what }
filter-shows-again = Nun ist wieder alles zu sehen, auch { $name }

## In welcher Reihenfolge

order = Reihenfolge
order-again = Neu ordnen
order-added = Wie hinzugefügt
order-fewest = Wenigste Vetos zuerst
order-name = Nach Namen

## Ein Eintrag

more = ⋯
more-about = Mehr zu { $name }
item-new = { -Item } hinzufügen
item-first = { -Item }-1
item-kind = Art
item-kind-optional = freiwillig
item-kind-none = keine
item-add = Hinzufügen
name = Name
save = Speichern
merge = Zusammenlegen
merge-into = Zusammenlegen mit
merge-named = { $name } zusammenlegen
split = Aufteilen
split-named = { $name } aufteilen
split-hint = Je Vorschlag einmal { -Item }
delete = Löschen
delete-named = { $name } löschen
delete-item-hint = { -Features } davon gelten dann für alle

## Ein Merkmal

vetoers = Veto von { $names }
vetoers-and-more = Veto von { $names } und { $more }
vetoers-more = { $count } weiteren
vetoers-more-of = { $count } weitere Vetos gegen { $name }
vetoers-all = Alle, die ein Veto gegen { $name } eingelegt haben
veto = Veto
veto-named = Veto gegen { $name }
unveto-named = Veto gegen { $name } zurücknehmen
why = Warum? (freiwillig)
why-save = Grund speichern
say-why = Sag, warum
say-why-named = Sag, warum du Veto gegen { $name } eingelegt hast
feature-on = bei { $item }
feature-new = { -Feature } vorschlagen
feature-new-placeholder = { -Feature } vorschlagen …
feature-here-already = { $name } gibt es hier schon
amount = Menge
move = Verschieben
move-to = Verschieben nach
move-to-free = für alle
menu-stale = Das hat sich inzwischen geändert.
menu-again = Zeigen, wie es jetzt ist
move-named = { $name } verschieben
suggest = Vorschlagen

## Wer man ist

me = Du bist { $name }
me-ask = Wer bist du?
me-name = Dein Name
me-claim = Das bin ich
me-elsewhere = Wenn es deiner ist: Tippe auf dem Gerät, auf dem du ihn hast, auf deinen Namen und nimm ihn auf dieses mit.
personal-link = Deinen Namen auf ein anderes Gerät mitnehmen
personal-link-hint =
    Scanne das mit deinem anderen Gerät oder öffne dort innerhalb von { $minutes } Minuten den Link: Dann bist du auch dort { $name }.
    Er gilt einmal und für jeden, der ihn hat: Zeige ihn niemandem sonst.
personal-link-ask = Bist du { $name }?
personal-link-from-now = Dieser Browser ist auf dieser Tafel von nun an { $name }.
personal-link-instead =
    Dieser Browser ist auf dieser Tafel von nun an { $name }. Bisher ist er { $so-far }; der Name bleibt mit allem, was darunter geschah, auf der Tafel.
personal-link-yes = Ja, ich bin { $name }
personal-link-nobody = Du hast auf dieser Tafel noch keinen Namen, den du mitnehmen könntest.

## Wer da ist

here = { $count } da
here-ask = Wer ist da?
here-nobody = Gerade hat niemand diese Tafel offen.
here-more = und { $count } weitere
here-guests =
    { $count ->
        [one] { $count } Gast
       *[other] { $count } Gäste
    }, bisher ohne Namen

## Teilen

share-heading = Diese Tafel teilen
share-hint = Wer den Link hat, darf hinzufügen, vorschlagen und Veto einlegen.
share-copy = Link kopieren
share-hand = Teilen …
share-copied = Der Link ist kopiert.
share-not-copied = Der Browser hat das Kopieren verweigert. Bitte kopiere den Link oben von Hand.
share-wall = Für alle im Raum: { $link }
share-wall-link = Auf den Beamer
share-only-here =
    Diese Adresse gilt nur auf diesem Gerät, kein anderes kann sie öffnen: Starte SAVT mit { $option } und öffne es unter der
    Adresse dieses Geräts in eurem Netz.
share-no-host = Der Browser hat nicht gesagt, unter welcher Adresse er SAVT gefunden hat, also gibt es keinen Link zum Teilen.

## Wie die Seite mitgeht

live = Live
reconnecting = Verbinde …
offline = Offline, Stand { $time }
no-script = Lade die Seite neu, um zu sehen, was andere tun.
gone-while-typing = { $name } ist nicht mehr da. Du hattest dort getippt: { $typed }
not-ours = Geantwortet hat etwas anderes als SAVT. Bitte prüfe die Verbindung und versuche es noch einmal.
unreachable = SAVT ist gerade nicht zu erreichen. Bitte versuche es noch einmal.
no-answer = Es kam keine Antwort. Bitte prüfe die Verbindung und versuche es noch einmal.
you-are-offline = Du bist offline, also wurde das nicht gesendet. Was du getippt hast, ist noch da.

## Was man von anderen hört

heard-new = Neu: { $name }
heard-new-on = Neu bei { $item }: { $name }
heard-vetoed = { $name }: { $vetoers }
heard-unvetoed = { $name }: kein Veto mehr
heard-renamed = { $old } heißt jetzt { $name }
heard-changed = Geändert: { $name }
heard-moved = Verschoben: { $name }
heard-gone = Nicht mehr da: { $name }
heard-many = Änderungen auf der Tafel: { $number }
heard-much = Auf der Tafel hat sich viel geändert

## Der Verlauf

history-title = Verlauf – { $board }
history-empty = Bisher ist nichts geschehen.
history-older = Ältere
history-undone = rückgängig gemacht durch { $event }
moment = { $day }. { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] Apr.
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[12] Dez.
    } { $year }, { $time } UTC

## Was geschehen ist

did-join = { $by } ist dabei
did-rename-self = { $by } heißt jetzt { $to } statt { $from }
did-claim-other = { $by } ist in diesem Browser von nun an { $name }
did-claim = { $by } ist in einem anderen Browser wiedergekommen
did-create-item =
    { $by } hat { $item }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } hinzugefügt{ $has-wanted ->
        [yes] , weil { $wanted } schon vergeben war
       *[no] { "" }
    }
did-rename-item =
    { $by } hat { $from } in { $to }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } umbenannt
did-edit-item =
    { $by } hat { $to } geändert{ $has-kind ->
        [yes] : { $kind }
       *[no] : ohne Art
    }
did-merge = { $by } hat { $item } mit { $into } zusammengelegt: nun { $name }
did-merge-some = { $by } hat { $item } mit { $into } zusammengelegt: nun { $name }; nicht alles passte, der Rest bleibt bei { $item }
did-split = { $by } hat { $item } aufgeteilt in { $parts }
did-delete-item = { $by } hat { $item } gelöscht
did-delete-item-freed = { $by } hat { $item } gelöscht; { -Features } davon gelten jetzt für alle
did-delete-item-lost =
    { $by } hat { $item } gelöscht{ $freed ->
        [0] { "" }
       *[other] ; { -Features } davon gelten jetzt für alle
    }, aber nicht ganz dazu passte { $lost }
did-suggest =
    { $by } hat { $feature }{ $amount ->
        [1] { "" }
       *[other] { " " }×{ $amount }
    }{ $has-item ->
        [yes] { " " }für { $item }
       *[no] { "" }
    } vorgeschlagen
did-add =
    { $by } hat mehr { $feature }{ $has-item ->
        [yes] { " " }für { $item }
       *[no] { "" }
    } vorgeschlagen: das gab es schon, nun ×{ $amount }{ $full ->
        [yes] , mehr geht nicht
       *[no] { "" }
    }
did-rename-feature =
    { $by } hat { $from } in { $to } umbenannt{ $has-item ->
        [yes] , bei { $item }
       *[no] { "" }
    } (×{ $amount })
did-edit-feature =
    { $by } hat { $to }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } geändert (×{ $amount })
did-move =
    { $by } hat { $feature }{ $has-from ->
        [yes] { " " }von { $from }
       *[no] { "" }
    } nach { $to } verschoben{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } passte nicht und blieb
    }
did-free =
    { $by } hat { $feature }{ $has-from ->
        [yes] { " " }von { $from }
       *[no] { "" }
    } für alle freigegeben{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } passte nicht und blieb
    }
did-delete-feature =
    { $by } hat { $feature }{ $has-item ->
        [yes] { " " }von { $item }
       *[no] { "" }
    } gelöscht
did-veto =
    { $by } hat Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } eingelegt{ $has-reason ->
        [yes] { " " }({ $reason })
       *[no] { "" }
    }
did-give-reason =
    { $by } hat das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } begründet ({ $reason })
did-take-reason =
    { $by } hat den Grund für das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } weggenommen
did-unveto =
    { $by } hat das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } zurückgenommen
did-undo = { $by } hat Nr. { $event } rückgängig gemacht: { $what }
did-redo = { $by } hat Nr. { $event } rückgängig gemacht, also gilt wieder: { $what }

## Was rückgängig gemacht wurde

the-join = dass jemand dabei ist
the-rename-self = dass { $from } nun { $to } heißt
the-claim = dass ein anderer Browser { $name } ist
the-create-item = dass es { $item } gibt
the-edit-kind = die neue Art von { $name }
the-rename = der neue Name von { $from }, { $to }
the-edit = die Änderung von { $name }
the-merge = das Zusammenlegen von { $item } mit { $into }
the-split = das Aufteilen von { $item }
the-delete = das Löschen von { $name }
the-delete-feature =
    das Löschen von { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    }
the-suggest =
    der Vorschlag { $feature }{ $has-item ->
        [yes] { " " }für { $item }
       *[no] { "" }
    }
the-add =
    mehr { $feature }{ $has-item ->
        [yes] { " " }für { $item }
       *[no] { "" }
    }
the-move =
    das Verschieben von { $feature }{ $has-from ->
        [yes] { " " }von { $from }
       *[no] { "" }
    }{ $has-to ->
        [yes] { " " }nach { $to }
       *[no] { "" }
    }
the-veto =
    das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    }
the-reason =
    der neue Grund für das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    }
the-unveto =
    die Rücknahme des Vetos gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    }

## Hinweise

full = Mehr als ×{ $most } geht nicht: { $feature }.

## Was nicht geht

name-empty = Bitte gib einen Namen ein.
name-too-long = Das ist zu lang: höchstens { $most } Zeichen.
name-control = Darin sind Steuerzeichen.
name-bidirectional = Darin sind Zeichen, die die Schreibrichtung des Textes ringsum ändern.
name-invisible = Darin ist kein Zeichen, das man sehen kann.
amount-wrong = Bitte wähle eine Menge von 1 bis { $most }.
place-wrong = Bitte wähle etwas von dieser Tafel ({ -Items }), oder nichts.
merge-wrong = Bitte wähle, womit es zusammengelegt werden soll.
no-such-item = Das gibt es hier nicht ({ -Item }).
no-such-feature = Das gibt es hier nicht ({ -Feature }).
no-such-event = Nr. { $event } gibt es im Verlauf dieser Tafel nicht.
gone =
    { $name } ist nicht mehr da: Inzwischen hat es jemand gelöscht, zusammengelegt oder aufgeteilt. Der Verlauf kann es
    zurückholen.
gone-item =
    Das ist nicht mehr da ({ -Item }): Inzwischen hat es jemand gelöscht, zusammengelegt oder aufgeteilt. Der Verlauf kann
    es zurückholen.
gone-feature =
    Das ist nicht mehr da ({ -Feature }): Inzwischen hat es jemand gelöscht, zusammengelegt oder aufgeteilt. Der Verlauf
    kann es zurückholen.
item-name-taken = { $name } gibt es schon ({ -Item }). Bitte wähle einen anderen Namen.
feature-name-taken = { $name } gibt es dort schon. Bitte wähle einen anderen Namen.
participant-name-taken = Dieser Name ist vergeben
personal-link-spent =
    Dieser Link gilt nicht mehr: Er wurde benutzt, oder es ist zu viel Zeit vergangen. Hol dir einen neuen auf dem Gerät, auf dem du deinen Namen hast.
merge-into-itself = { $name } kann nicht mit sich selbst zusammengelegt werden. Bitte wähle etwas anderes ({ -Items }).
split-nothing = Da gibt es nichts aufzuteilen: { $name } braucht mindestens zwei { -Features }, oder die Menge 2 oder 3.
undone-already = Das ist schon rückgängig gemacht.
undo-deleted = Das geht nicht mehr rückgängig zu machen: { $name } wurde inzwischen gelöscht.
undo-restored = Das geht nicht mehr rückgängig zu machen: { $name } wurde inzwischen zurückgeholt.
undo-renamed = Das geht nicht mehr rückgängig zu machen: { $from } wurde inzwischen in { $to } umbenannt.
undo-kind = Das geht nicht mehr rückgängig zu machen: Die Art von { $name } wurde inzwischen geändert.
undo-amount = Das geht nicht mehr rückgängig zu machen: { $name } ist inzwischen ×{ $to }.
undo-moved = Das geht nicht mehr rückgängig zu machen: { $name } wurde inzwischen verschoben.
undo-veto = Das geht nicht mehr rückgängig zu machen: Die Vetos gegen { $name } sind inzwischen andere.
undo-browser = Das geht nicht mehr rückgängig zu machen: Dieser Browser ist inzwischen jemand anders.
undo-built-upon = Das geht nicht mehr rückgängig zu machen: Bei { $name } gibt es inzwischen { $by }; lösche es stattdessen.
undo-name-taken = Das geht nicht mehr rückgängig zu machen: Inzwischen heißt etwas anderes { $name }; benenne das erst um.
undo-owner-gone = Das geht nicht mehr rückgängig zu machen: Wozu { $name } gehörte, ist nicht mehr da.
undo-only-themselves = Das kann nur { $name } rückgängig machen, denn es sagt, wer { $name } ist.
undo-took-part = Das geht nicht mehr rückgängig zu machen: { $name } hat inzwischen mitgemacht.

## Was schiefging

no-such-board = Unter dieser Adresse gibt es keine Tafel. Bitte prüfe den Link.
closed = Du bist nicht angemeldet, deshalb ist nichts geschehen. Lade die Seite neu, um dich anzumelden.
no-such-page = Unter dieser Adresse gibt es nichts.
fault = Bei uns ist etwas schiefgegangen. Es ist vermerkt; bitte versuche es noch einmal.
busy = Gerade ist zu viel los. Nichts wurde geändert: Bitte versuche es gleich noch einmal.
unavailable = Die Datenbank antwortet nicht. Nichts wurde geändert: Bitte versuche es gleich noch einmal.
cut-off = Die Datenbank antwortet nicht. So war die Tafel zuletzt, und ändern lässt sie sich erst wieder, wenn sie antwortet.
uncertain =
    Die Datenbank hat nicht rechtzeitig geantwortet, also weiß niemand, ob das gespeichert wurde. Bitte sieh nach, bevor du
    es noch einmal versuchst.
wrong-method = Das geht unter dieser Adresse nicht.
too-large = Das ist zu viel auf einmal: höchstens 64 KiB.
too-slow = Das kam zu langsam an. Bitte versuche es noch einmal.
too-fast =
    Das war zu viel in zu kurzer Zeit, von dir oder jemandem mit derselben Adresse. Nichts wurde geändert: Bitte versuche es
    gleich noch einmal.
cross-site = Das kam von einer fremden Seite, also wurde es abgelehnt. Bitte nimm das Formular hier.
no-form = Das ist kein Formular.
not-understood = Das ist nicht zu verstehen.
no-text = Das ist kein Text: Ein Formular wird in UTF-8 gesendet.

status-400 = Nicht zu verstehen
status-401 = Nicht angemeldet
status-403 = Nicht erlaubt
status-404 = Nicht gefunden
status-405 = So geht das nicht
status-408 = Zu langsam
status-409 = Schon vergeben
status-410 = Nicht mehr da
status-413 = Zu groß
status-415 = Kein Formular
status-422 = Das geht so nicht
status-429 = Zu schnell
status-500 = Unser Fehler
status-503 = Gerade nicht
status-other = Fehler

## Auf einem Gerät

description = Eine Gruppe schlägt vor, alle dürfen Veto einlegen, alle sehen es.
