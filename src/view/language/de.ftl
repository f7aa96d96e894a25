# Deutsch. Die Begriffe für Eintrag und Merkmal (-Item, -Items, -Feature, -Features) kommen beim Start hinzu, weil der Betreiber
# sie festlegen kann. Ihr Geschlecht ist unbekannt: Kein Artikel oder Adjektiv darf davon abhängen.

## Jede Seite

back = ← Zurück zum Board
undo = Rückgängig
redo = Wiederherstellen
close = Schließen
cancel = Abbrechen
languages = Sprache

## Das Board

history = Verlauf
share = Teilen
board-empty =
    Hier ist noch nichts. Füge oben { -Items } hinzu und schlage dann { -Features } dafür vor.
    Teile den Link zu dieser Seite: Wer ihn hat, kann hinzufügen, vorschlagen und Veto einlegen.
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
free-features = { -Features } für alle { -Items }

## Was ein Chat von einem Link zeigt

preview-heading = { $board }: { -Items }
preview-empty = Hier ist noch nichts. Mach den Anfang und füge { -Items } hinzu.
preview-standing =
    { $items ->
        [one] { $items } { -Item }
       *[other] { $items } { -Items }
    }, { $features ->
        [one] { $features } { -Feature }
       *[other] { $features } { -Features }
    }, { $vetoed } mit Veto

## Ein neues Board

new-board = Neues Board
new-board-ask = Noch etwas zu entscheiden?
new-board-name = Name des Boards

## Die Boards eines Browsers

boards = Deine Boards
boards-empty = In diesem Browser hast du noch bei keinem Board mitgemacht. Boards, bei denen du mitmachst, stehen hier.
boards-more = Die Liste enthält nur die zuletzt geänderten Boards.
boards-me = Du bist { $name }. Letzte Änderung: { $time }
boards-viewed = Nur angesehen
boards-viewed-hint = Diese Liste ist nur in diesem Browser gespeichert.
boards-forget = Vergessen
boards-forget-named = { $board } vergessen

## Anmeldung

login = Anmelden
login-heading = Bei SAVT anmelden
login-hint = Für diese Installation brauchst du ein Passwort.
login-password = Passwort
login-wrong-password = Falsches Passwort. Versuche es noch einmal.
login-too-often =
    Zu viele falsche Passwörter. Versuche es in { $seconds ->
        [one] { $seconds } Sekunde
       *[other] { $seconds } Sekunden
    } noch einmal.
logout = Abmelden

## Tastenkürzel

shortcuts = Tastenkürzel
shortcuts-on = Tastenkürzel einschalten
shortcuts-hint = Während du tippst, sind sie ausgeschaltet.
key-rows = Nächste Zeile, vorige Zeile
key-veto = Veto einlegen oder zurücknehmen
key-more = Mehr: umbenennen, verschieben, löschen
key-suggest = Hier noch etwas vorschlagen
key-new = { -Item } hinzufügen
key-undo = Deine letzte Änderung rückgängig machen, dann die davor
key-redo = Wiederherstellen, was du zuletzt rückgängig gemacht hast
key-filter = Auswählen, was angezeigt wird
key-shortcuts = Diese Tastenkürzel anzeigen

## Die Beamer-Ansicht

projector-empty = Hier ist noch nichts. Wer macht den Anfang?
projector-join = Mitmachen
projector-pages = Seiten
projector-page = { $page } von { $pages }
projector-previous = Vorige Seite
projector-next = Nächste Seite
projector-turning = Seiten automatisch wechseln

## Der Filter

filter = Anzeigen
filter-all = Alles
filter-fine = Gut für alle
filter-mine = Meine Vetos
filter-vetoed = Mit Veto
filter-show-all = Alles anzeigen
filter-no-fine = Überall, wo es { -Features } gibt, gibt es mindestens ein Veto.
filter-no-mine = Du hast noch kein Veto eingelegt.
filter-no-vetoed = Bisher hat niemand ein Veto eingelegt.
search = { -Items } und { -Features } suchen
search-placeholder = Suchen …
filter-no-match = Nichts passt dazu.
filter-items = { $here } von { $all } { -Items }
filter-free = { $here } von { $all } { -Features } für alle { -Items }
filter-items-and-free = { $items } und { $free }
filter-shows = Angezeigt: { $what }
filter-shows-again = Alles wird wieder angezeigt, auch { $name }

## Die Reihenfolge

order = Sortieren nach
order-again = Neu sortieren
order-added = Reihenfolge des Hinzufügens
order-fewest = Wenigste Vetos zuerst
order-name = Name

## Ein Eintrag

more-about = Mehr zu { $name }
item-new = { -Item } hinzufügen
item-name-optional = optional
item-kind = Art
item-kind-optional = optional
item-kind-none = keine
item-add = Hinzufügen
added-by = Hinzugefügt von { $name }
items-add-several = Mehrere hinzufügen
items-names = { -Items }, je Zeile ein Name
items-add = Alle hinzufügen
items-add-count = { $count } { -Items } hinzufügen
not-added = Nicht hinzugefügt: { $name }
retry = Noch einmal versuchen
discard = Verwerfen
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
delete-item-hint = { -Features } bleiben erhalten und gelten für alle { -Items }

## Ein Merkmal

vetoers = Veto von { $names }
vetoers-and-more = Veto von { $names } und { $more }
vetoers-more = { $count } weiteren
vetoers-when = { $vetoers }, { $when }
vetoed-when = als es noch { $name } war
vetoers-more-named = { $count } weitere Vetos gegen { $name }
vetoers-all = Alle, die ein Veto gegen { $name } eingelegt haben
veto = Veto
veto-named = Veto gegen { $name }
unveto = Zurück{ "\u00AD" }nehmen
unveto-long = Veto zurücknehmen
unveto-named = Veto zurücknehmen: { $name }
veto-reason = Warum? (optional)
veto-reason-needed = Warum?
veto-reason-save = Grund speichern
veto-again = Neues Veto gegen { $name }
give-reason = Grund angeben
give-reason-named = Grund für dein Veto gegen { $name } angeben
feature-on = bei { $item }
suggested-by = Vorgeschlagen von { $name }
feature-new = { -Feature } vorschlagen
feature-new-for = { -Feature } vorschlagen für { $item }
feature-new-for-all = { -Feature } vorschlagen für alle { -Items }
feature-new-placeholder = { -Feature } vorschlagen …
feature-exists = { $name } gibt es hier schon
feature-full = Die Menge ×{ $most } ist das Maximum: { $feature }.
feature-remainder = der Rest, der nicht passte (höchstens ×{ $most })
amount = Menge
move = Verschieben
move-to = Verschieben nach
move-to-all = Alle { -Items }
move-named = { $name } verschieben
suggest = Vorschlagen

## Das Blatt hinter „Mehr“

sheet-outdated = Das hat sich inzwischen geändert.
sheet-refresh = Neuesten Stand anzeigen

## Die Person

me = Du bist { $name }
me-ask = Wer bist du?
me-name = Dein Name
ask-name = Du bist { $name }. Wie sollen dich die anderen nennen?
ask-name-save = OK
ask-name-later = Später
me-claim = Das bin ich
me-on-other-device =
    Falls das dein Name ist: Tippe auf dem Gerät, auf dem du ihn schon benutzt, auf deinen Namen und dann auf „Deinen Namen auf
    einem anderen Gerät benutzen“.
personal-link = Deinen Namen auf einem anderen Gerät benutzen
personal-link-hint =
    Scanne diesen Code mit deinem anderen Gerät oder öffne dort innerhalb von { $minutes } Minuten den Link. Dann bist du auch dort { $name }.
    Der Link funktioniert einmal, und zwar bei jedem, der ihn hat: Zeige ihn sonst niemandem.
personal-link-question = Bist du { $name }?
personal-link-joins = Dieser Browser ist auf diesem Board von nun an { $name }.
personal-link-replaces =
    Dieser Browser ist auf diesem Board von nun an { $name }. Bisher war er { $current }; dieser Name bleibt mit allen Beiträgen auf dem Board.
personal-link-hands-over =
    Dieser Browser ist auf diesem Board von nun an { $name }. Was er bisher als { $current } getan hat, gehört dann zu { $name }.
personal-link-confirm = Ja, ich bin { $name }
personal-link-nobody = Du hast auf diesem Board noch keinen Namen. Wähle zuerst einen.

## Wer da ist

here = { $count } da
here-counting = … da
here-ask = Wer ist da?
here-more = und { $count } weitere
here-guests =
    { $count ->
        [one] { $count } Gast
       *[other] { $count } Gäste
    } ohne Namen

## Teilen

share-heading = Dieses Board teilen
share-hint = Wer den Link hat, kann hinzufügen, vorschlagen und Veto einlegen.
share-copy = Link kopieren
share-with-device = Teilen …
share-copied = Link kopiert.
share-not-copied = Der Browser hat das Kopieren verweigert. Kopiere den Link von Hand.
share-projector = Für alle im Raum: { $link }
share-projector-link = Beamer-Ansicht
share-print = Auf Papier, mit allen Namen und Gründen: { $link }
share-print-link = Drucken
print-note = Hier stehen nicht alle Namen. Um alle Namen und Gründe zu drucken, wähle „Teilen“ und dann „Drucken“.
share-loopback =
    Diese Adresse funktioniert nur auf diesem Gerät. Damit andere Geräte das Board öffnen können, starte SAVT mit { $option } und
    benutze die Adresse dieses Geräts in eurem Netz.
share-no-host = Dein Browser hat nicht mitgeteilt, unter welcher Adresse er SAVT erreicht. Deshalb gibt es keinen Link zum Teilen.

## Das Ergebnis

result-link = Ergebnis
share-result = Zum Mitnehmen, als Text, Tabelle oder Datei: { $link }
share-api = Für Programme: { $link }
share-api-link = JSON-API
result-title = { $board }: Ergebnis
result-decided = Entschieden
result-closed-heading = Geschlossen
result-so-far = Bisher
result-open = So sieht es gerade aus. Die Entscheidung ist noch offen.
result-reload = Neu laden
result-agreed = Alle sind mit dem Rest einverstanden.
result-closes = Schließt am { $time }.
result-closed = Von { $by } am { $time } geschlossen.
result-closed-by-deadline = Am { $time } geschlossen, mit der Frist von { $by }.
result-acceptable = Womit alle leben können ({ -Items })
result-acceptable-none = Es gibt nichts, womit alle leben können ({ -Items }).
result-others = Was von den anderen übrig ist ({ -Items })
result-nothing-left = nichts
result-vetoes = Vetos
result-people = Wer einverstanden ist
result-fine = Einverstanden ({ $fine } von { $of })
result-outdated = War einverstanden, bis etwas Neues kam
result-not-yet = Hat noch nichts dazu gesagt
result-not-taking-part = Macht nicht mit
result-chosen = gewählt
result-note = Notiz
result-vetoed-by = Veto von
result-reasons = Gründe
result-is-chosen = Gewählt
result-yes = ja
result-copy-text = Als Text kopieren
result-copy-markdown = Als Markdown kopieren
result-as-text = Als Text
result-as-markdown = Als Markdown
result-download-csv = CSV herunterladen
result-download-json = JSON herunterladen
result-download-history = Alles mit Verlauf herunterladen
result-copied = Kopiert.
result-not-copied = Dein Browser lässt SAVT nicht kopieren. Kopiere es von hier:

## Closing

closing = Entscheidung schließen
closing-acceptable = Damit können alle leben. Was habt ihr gewählt?
closing-others =
    { $count ->
        [one] Noch eine Möglichkeit, gegen die es ein Veto gibt
       *[other] Noch { $count } Möglichkeiten, gegen die es ein Veto gibt
    }
closing-vetoed = { -Items } mit Veto
closing-outcome = Sag es in einem Satz
closing-outcome-optional = optional
closing-deadline = Frist: dann schließt sie sich von selbst
closing-set-deadline = Frist setzen
closing-remove-deadline = Frist entfernen
closing-utc = Diese Zeit ist UTC, nicht deine Ortszeit.
closing-closed = Diese Entscheidung ist geschlossen. Öffne sie zuerst wieder, um etwas zu ändern.
reopen = Wieder öffnen
outcome-chosen = Entschieden: { $chosen }
outcome-closed = Die Entscheidung ist geschlossen
outcome-by = Geschlossen von { $by } am { $at }
outcome-by-deadline = Geschlossen am { $at }, mit der Frist von { $by }
outcome-result = Ergebnis
outcome-deadline = Schließt am { $at }
outcome-in = in { $time }
outcome-change = Ändern oder jetzt schließen
item-chosen = Gewählt
invalid-time = Das sind nicht Datum und Uhrzeit. Wähle beides.

## Die Live-Verbindung

live = Live
reconnecting = Verbinde …
offline = Offline, Stand { $time }
no-script = Lade die Seite neu, um zu sehen, was andere tun.
gone-while-typing = { $name } gibt es nicht mehr. Du hattest dort getippt: { $typed }
foreign-response =
    Die Antwort kam nicht von SAVT, sondern vielleicht von der Anmeldeseite deines Netzes. Prüfe die Verbindung und versuche es noch
    einmal.
unreachable = SAVT ist gerade nicht erreichbar. Versuche es noch einmal.
no-response = SAVT hat nicht geantwortet. Prüfe die Verbindung und versuche es noch einmal.
not-sent-offline = Du bist offline, deshalb wurde nichts gesendet. Was du getippt hast, ist noch da.

## Einverständnis

consent = Einverständnis
consent-give = Der Rest ist für mich okay
consent-given = Du bist einverstanden ✓
consent-take-back = zurücknehmen
consent-renew = Immer noch okay
consent-since = Neu, seit du einverstanden warst: { $what } – { $link }
consent-look = ansehen
consent-new-mark = neu
consent-new-items =
    { $count ->
        [one] { $count } { -Item }
       *[other] { $count } { -Items }
    }
consent-new-features =
    { $count ->
        [one] { $count } { -Feature }
       *[other] { $count } { -Features }
    }
consent-new-both = { $items } und { $features }
consent-new-many = mehr als { $count } { -Items } und { -Features }
consent-changed = Das Board hat sich geändert, seit du einverstanden warst.
consent-aside = Du bist als „macht nicht mit“ vermerkt.
consent-count =
    { $fine ->
        [one] { $fine } von { $of } ist einverstanden
       *[other] { $fine } von { $of } sind einverstanden
    }
consent-agreed = Alle sind einverstanden. Gut gemacht!
consent-agreed-close = Mit dem Rest schließen
invalid-consent = SAVT kann nicht erkennen, ob du einverstanden bist. Lade die Seite neu und drücke den Knopf noch einmal.
invalid-aside = SAVT kann nicht erkennen, wer mitmacht. Lade die Seite neu und drücke den Knopf noch einmal.
preview-agreed = { $standing }. Alle sind einverstanden.
preview-fine =
    { $standing }. { $fine ->
        [one] { $fine } von { $of } ist einverstanden.
       *[other] { $fine } von { $of } sind einverstanden.
    }

## Die Leute eines Boards

people-fine = Einverstanden
people-outdated = Seitdem kam etwas Neues
people-not-yet = Noch nicht
people-aside = Macht nicht mit
people-watching = Sieht nur zu
people-here = da
people-vetoes =
    { $count ->
        [one] { $count } Veto
       *[other] { $count } Vetos
    }
people-set-aside = Macht nicht mit
people-set-aside-named = Vermerken, dass { $name } nicht mitmacht
people-bring-back = Macht mit
people-bring-back-named = Vermerken, dass { $name } wieder mitmacht

## Ansagen für Screenreader

announce-new = Neu: { $name }
announce-new-on = Neu bei { $item }: { $name }
announce-vetoed = { $name }: { $vetoers }
announce-unvetoed = { $name }: kein Veto mehr
announce-renamed = { $old } heißt jetzt { $name }
announce-changed = Geändert: { $name }
announce-moved = Verschoben: { $name }
announce-deleted = Entfernt: { $name }
announce-many = Änderungen auf dem Board: { $number }
announce-reload = Auf dem Board hat sich viel geändert

## Der Verlauf

history-title = Verlauf – { $board }
history-empty = Bisher ist nichts passiert.
history-older = Ältere
undo-last = Meine letzte Änderung rückgängig machen
redo-last = Zuletzt Rückgängiges wiederherstellen
history-now = heute { $name }
history-undone = rückgängig gemacht durch { $event }
date-and-time = { $day }. { $month ->
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

## Aktionen

did-join = { $by } ist dabei
did-rename-self = { $from } heißt jetzt { $to }
did-claim-other = { $by } macht als { $name } weiter
did-hand-over = { $by } macht als { $name } weiter, mit allen bisherigen Beiträgen
did-claim = { $by } macht in einem weiteren Browser mit
did-create-item =
    { $by } hat { $item }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } hinzugefügt{ $has-wanted ->
        [yes] , weil { $wanted } schon vergeben war
       *[no] { "" }
    }
did-create-items =
    { $by } hat { $items }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } hinzugefügt
did-create-items-numbered =
    { $by } hat { $items }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } hinzugefügt, nummeriert, wo ein Name schon vergeben war: { $taken }
did-rename-item =
    { $by } hat { $from } in { $to }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    } umbenannt
did-edit-item =
    { $has-kind ->
        [yes] { $by } hat die Art von { $to } in { $kind } geändert
       *[no] { $by } hat die Art von { $to } entfernt
    }
did-merge = { $by } hat { $item } mit { $into } zusammengelegt, jetzt { $name }
did-merge-some = { $by } hat { $item } mit { $into } zusammengelegt, jetzt { $name }; was nicht passte, bleibt bei { $item }
did-merge-left = { $by } hat { $item } mit { $into } zusammengelegt, jetzt { $name }; nicht vollständig gepasst hat { $left }, der Rest bleibt bei { $item }
names-and-more = { $names } und { $more } weitere
did-split = { $by } hat { $item } aufgeteilt in { $parts }
did-delete-item = { $by } hat { $item } gelöscht
did-delete-item-freed = { $by } hat { $item } gelöscht; { -Features } davon gelten jetzt für alle { -Items }
did-delete-item-lost =
    { $by } hat { $item } gelöscht{ $freed ->
        [0] { "" }
       *[other] ; { -Features } davon gelten jetzt für alle { -Items }
    }; nicht vollständig gepasst hat { $lost }
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
    } vorgeschlagen, jetzt ×{ $amount }{ $full ->
        [yes] { " " }(das Maximum)
       *[no] { "" }
    }
did-rename-feature =
    { $by } hat { $from }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } in { $to } umbenannt (×{ $amount }){ $vetoes ->
        [0] { "" }
        [one] ; ein Veto galt einem anderen Namen
       *[other] ; { $vetoes } Vetos galten einem anderen Namen
    }
did-edit-feature =
    { $by } hat die Menge von { $to }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } auf ×{ $amount } geändert
did-move =
    { $by } hat { $feature }{ $has-from ->
        [yes] { " " }von { $from }
       *[no] { "" }
    } nach { $to } verschoben{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } passte nicht und blieb
    }
did-move-to-all =
    { $by } hat { $feature }{ $has-from ->
        [yes] { " " }von { $from }
       *[no] { "" }
    } verschoben, jetzt für alle { -Items }{ $left ->
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
did-set-reason =
    { $by } hat das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } begründet ({ $reason })
did-remove-reason =
    { $by } hat den Grund für das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } entfernt
did-unveto =
    { $by } hat das Veto gegen { $feature }{ $has-item ->
        [yes] { " " }bei { $item }
       *[no] { "" }
    } zurückgenommen
did-edit-note = { $by } hat die Notiz zu { $to } geändert
did-name-board = { $by } hat das Board { $name } genannt
board-name-noun = den Namen des Boards
board-purpose-noun = den Zweck des Boards
board-terminology-noun = die Wörter des Boards
board-reasons-noun = ob ein Veto begründet werden muss
did-edit-board = { $by } hat { $what } geändert
did-consent = { $by } ist mit dem Rest einverstanden
did-withdraw-consent = { $by } hat das Einverständnis zurückgenommen
did-set-aside = { $by } hat vermerkt, dass { $name } nicht mitmacht
did-bring-back = { $by } hat vermerkt, dass { $name } wieder mitmacht
did-return = { $by } macht wieder mit
did-close = { $by } hat die Entscheidung geschlossen
did-close-chosen = { $by } hat die Entscheidung mit { $chosen } geschlossen
did-set-deadline = { $by } hat die Frist auf { $time } gesetzt
did-clear-deadline = { $by } hat die Frist entfernt
did-reopen = { $by } hat die Entscheidung wieder geöffnet
did-undo = { $by } hat Nr. { $event } rückgängig gemacht: { $what }
did-redo = { $by } hat Nr. { $event } rückgängig gemacht und damit wiederhergestellt: { $what }

## Die Einstellungen eines Boards

settings = Einstellungen
purpose-ask = Worum geht es?
purpose-edit = Ändern, worum es geht
settings-purpose = Worum es geht
settings-purpose-hint = Eine Frage, ein Datum, ein Link
settings-words = Was steht zur Wahl?
settings-item-word = Einzahl
settings-item-words = Mehrzahl
settings-feature-word = Vorschlag dazu, Einzahl
settings-feature-words = Vorschläge dazu, Mehrzahl
settings-item-example = z. B. Pizza
settings-items-example = z. B. Pizzen
settings-feature-example = z. B. Belag
settings-features-example = z. B. Beläge
settings-words-incomplete = Gib alle vier Wörter an, oder lass alle vier leer.
settings-reasons = Ein Veto
settings-reasons-optional = kann begründet werden
settings-reasons-required = muss begründet werden
settings-invalid-reasons = Wähle, ob ein Veto begründet werden kann oder muss.

## Was rückgängig gemacht wurde

the-join = der Beitritt einer Person
the-rename-self = die Namensänderung von { $from } in { $to }
the-claim = die Nutzung von { $name } in einem weiteren Browser
the-hand-over = der Wechsel von { $was } zu { $name }
the-create-item = das Hinzufügen von { $item }
the-create-items =
    { $count ->
        [one] das Hinzufügen von { $count } { -Item }
       *[other] das Hinzufügen von { $count } { -Items }
    }
the-edit-kind = die neue Art von { $name }
the-edit-note = die neue Notiz zu { $name }
the-edit-board = die neuen Einstellungen des Boards
the-consent = ein Einverständnis
the-withdraw-consent = die Rücknahme eines Einverständnisses
the-set-aside = dass { $name } nicht mitmacht
the-bring-back = dass { $name } wieder mitmacht
the-close = das Schließen der Entscheidung
the-set-deadline = die neue Frist
the-reopen = das Öffnen der Entscheidung
the-rename = die Umbenennung von { $from } in { $to }
the-edit-amount = die neue Menge von { $name }
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
    } { $has-to ->
        [yes] nach { $to }
       *[no] zu allen { -Items }
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

## Ungültige Eingaben

name-empty = Gib einen Namen ein.
name-too-long = Das ist zu lang. Erlaubt sind höchstens { $most } Zeichen.
name-control = Das enthält Steuerzeichen. Entferne sie.
name-bidirectional = Das enthält Zeichen, die die Schreibrichtung des umgebenden Textes ändern. Entferne sie.
name-invisible = Das enthält nur unsichtbare Zeichen. Gib ein sichtbares ein.
names-too-many = Das sind zu viele. Füge höchstens { $most } auf einmal hinzu.
name-on-line = Zeile { $line }: { $reason }
invalid-amount = Wähle eine Menge von 1 bis { $most }.
invalid-item = Wähle etwas von diesem Board ({ -Items }) oder alle { -Items }.
invalid-merge-target = Wähle, womit es zusammengelegt werden soll.

## Abgelehnte Änderungen

no-such-item = Das gibt es auf diesem Board nicht ({ -Item }).
no-such-feature = Das gibt es auf diesem Board nicht ({ -Feature }).
no-such-event = Nr. { $event } gibt es im Verlauf dieses Boards nicht.
gone = { $name } gibt es nicht mehr: gelöscht, zusammengelegt oder aufgeteilt. Du kannst es im Verlauf wiederherstellen.
gone-item = Das gibt es nicht mehr ({ -Item }): gelöscht, zusammengelegt oder aufgeteilt. Du kannst es im Verlauf wiederherstellen.
gone-feature = Das gibt es nicht mehr ({ -Feature }): gelöscht, zusammengelegt oder aufgeteilt. Du kannst es im Verlauf wiederherstellen.
no-veto = Du hast dein Veto gegen { $name } zurückgenommen, also gibt es keinen Grund zu speichern. Es wurde nichts geändert.
item-name-taken = { $name } gibt es schon ({ -Item }). Wähle einen anderen Namen.
feature-name-taken = { $name } gibt es dort schon. Wähle einen anderen Namen.
edit-conflict-name =
    Jemand hat den Namen inzwischen in { $now } geändert. Du hast { $sent } eingegeben. Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-kind =
    { $has-now ->
        [yes] Jemand hat die Art inzwischen in { $now } geändert.
       *[no] Jemand hat die Art inzwischen entfernt.
    } { $has-sent ->
        [yes] Du hast { $sent } eingegeben.
       *[no] Du hast keine eingegeben.
    } Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-amount =
    Jemand hat die Menge inzwischen auf ×{ $now } geändert. Du hast ×{ $sent } gewählt. Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-note = Jemand hat die Notiz inzwischen geändert. Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-purpose =
    { $has-now ->
        [yes] Jemand hat den Zweck inzwischen geändert. Er lautet jetzt: { $now }
       *[no] Jemand hat den Zweck inzwischen entfernt.
    } – Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-terminology = Jemand hat die Wörter inzwischen geändert, in: { $now }. Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-no-terminology = Jemand hat die Wörter inzwischen entfernt. Speichere noch einmal, um die andere Änderung zu ersetzen.
edit-conflict-reasons = Jemand hat inzwischen geändert, ob ein Veto begründet werden muss. Speichere noch einmal, um die andere Änderung zu ersetzen.
board-closed =
    { $by } hat diese Entscheidung am { $at } geschlossen. Öffne sie zuerst wieder, um etwas zu ändern.
board-closed-by-deadline =
    Diese Entscheidung wurde am { $at } geschlossen, mit der Frist von { $by }. Öffne sie zuerst wieder, um etwas zu ändern.
veto-reason-required = Auf diesem Board muss ein Veto begründet werden. Sag, warum du ein Veto gegen { $name } hast.
row-changed = „{ $name }“ wurde inzwischen geändert. Lies es neu und schicke deine Änderung dann noch einmal.
deadline-passed = Diese Zeit ist vorbei. Wähle eine Frist in der Zukunft.
no-participant = Du nimmst an diesem Board nicht teil, oder du wurdest daraus entfernt.
no-such-participant = Diese Person gibt es auf diesem Board nicht.
limit-chosen = Ein Ergebnis kann höchstens { $most } { -items } haben. Wähle weniger.
participant-name-taken = Dieser Name ist vergeben.
personal-link-expired =
    Dieser Link funktioniert nicht mehr: Er wurde schon benutzt oder ist abgelaufen. Hol dir einen neuen auf dem Gerät, auf dem du deinen
    Namen hast.
merge-into-itself = { $name } kann nicht mit sich selbst zusammengelegt werden. Wähle etwas anderes ({ -Items }).
split-nothing = { $name } lässt sich nicht aufteilen: Dafür braucht es mindestens zwei { -Features } oder die Menge 2 oder 3.
limit-items = Auf diesem Board ist die Höchstzahl erreicht ({ -Items }: { $most }). Lösche etwas, oder nimm ein anderes Board.
limit-features = Auf diesem Board ist die Höchstzahl erreicht ({ -Features }: { $most }). Lösche etwas, oder nimm ein anderes Board.
limit-participants =
    Dieses Board hat die Höchstzahl von { $most } Personen, weitere können nicht mitmachen. Nimm einen Browser, in dem du schon
    mitgemacht hast, oder ein anderes Board.
limit-kept-items =
    Auf diesem Board ist die Höchstzahl einschließlich der gelöschten erreicht ({ -Items }: { $most }). Nimm ein anderes Board.
limit-kept-features =
    Auf diesem Board ist die Höchstzahl einschließlich der gelöschten erreicht ({ -Features }: { $most }). Nimm ein anderes Board.
limit-vetoes = Dieses Board hat die Höchstzahl von { $most } Vetos. Nimm welche zurück, oder nimm ein anderes Board.
limit-browsers =
    Dieses Board wurde in der Höchstzahl von { $most } Browsern benutzt. Nimm einen Browser, in dem du schon mitgemacht hast, oder ein
    anderes Board.
limit-event =
    Das würde zu viel auf einmal ändern: Eine Änderung darf höchstens { $most } KiB groß sein. Verschiebe oder lösche zuerst etwas einzeln
    ({ -Features }), oder mach einzelne Änderungen rückgängig.
undo-nothing = Von dir gibt es keine Änderung mehr, die sich rückgängig machen lässt.
redo-nothing = Es gibt nichts wiederherzustellen: Seit deiner letzten Änderung hast du nichts rückgängig gemacht.
undo-already-undone = Das wurde schon rückgängig gemacht.
undo-erased = Das lässt sich nicht mehr rückgängig machen: Die Person wurde inzwischen aus dem Board entfernt und diese Änderung mit ihr.
undo-deleted = Das lässt sich nicht mehr rückgängig machen: { $name } wurde inzwischen gelöscht.
undo-restored = Das lässt sich nicht mehr rückgängig machen: { $name } wurde inzwischen wiederhergestellt.
undo-renamed = Das lässt sich nicht mehr rückgängig machen: { $from } wurde inzwischen in { $to } umbenannt.
undo-kind = Das lässt sich nicht mehr rückgängig machen: Die Art von { $name } wurde inzwischen geändert.
undo-amount = Das lässt sich nicht mehr rückgängig machen: Die Menge von { $name } wurde inzwischen auf ×{ $to } geändert.
undo-moved = Das lässt sich nicht mehr rückgängig machen: { $name } wurde inzwischen verschoben.
undo-note = Das lässt sich nicht mehr rückgängig machen: Die Notiz zu { $name } wurde inzwischen geändert.
undo-setting = Das lässt sich nicht mehr rückgängig machen: Die Einstellungen des Boards wurden inzwischen geändert.
undo-consent = Das lässt sich nicht mehr rückgängig machen: Was { $name } vom Rest hält, hat sich inzwischen geändert.
undo-other-consent = Nur { $name } kann das rückgängig machen, denn es betrifft das eigene Einverständnis.
undo-veto = Das lässt sich nicht mehr rückgängig machen: Die Vetos gegen { $name } haben sich inzwischen geändert.
undo-browser = Das lässt sich nicht mehr rückgängig machen: Dieser Browser gehört inzwischen zu einem anderen Namen.
undo-depended-on = Das lässt sich nicht mehr rückgängig machen: Bei { $name } gibt es inzwischen { $by }. Lösche stattdessen { $name }.
undo-name-taken = Das lässt sich nicht mehr rückgängig machen: Inzwischen heißt etwas anderes { $name }. Benenne das zuerst um.
undo-owner-gone = Das lässt sich nicht mehr rückgängig machen: Wozu { $name } gehörte, gibt es nicht mehr.
undo-other-participant = Nur { $name } kann das rückgängig machen, denn es ändert, wer { $name } ist.
undo-other-veto = Nur { $name } kann das rückgängig machen, denn es geht um das Veto von { $name }.
undo-took-part = Das lässt sich nicht mehr rückgängig machen: { $name } hat inzwischen mitgemacht.

## Notizen

note = Notiz
note-hint = Wo, wie teuer, ein Link zur Karte

## Neue Boards: Vorlagen und Kopien

new-board-choose = Was steht zur Wahl?
new-board-other = etwas anderes
new-board-templates = Mit einer Vorlage anfangen
new-board-templates-hint = Das Board beginnt mit ein paar Vorschlägen. Ändere, lösche und ergänze, was du willst.
new-board-unknown-choice = Diese Auswahl gibt es nicht. Wähle etwas anderes.
copy-board = Dieses Board kopieren
copy-board-name = Name der Kopie
copy-board-make = Kopie anlegen
copy-board-hint =
    Die Kopie beginnt mit allem, was auf diesem Board steht ({ -Items }, { -Features }, Notizen), aber ohne Personen, Vetos und Verlauf.
    Danach haben die beiden Boards nichts mehr miteinander zu tun.
did-fill-board = { $by } hat das Board angelegt ({ -Items }: { $items }, { -Features }: { $features })
did-copy-board = { $by } hat { $from } kopiert ({ -Items }: { $items }, { -Features }: { $features })
did-set-up-board = { $by } hat das Board eingerichtet
the-fill = den Anfang des Boards

# Wörter: eins, mehrere, Merkmal, Merkmale. Einträge: Name (Art): Merkmale; …
template-pizza = Pizzaabend
template-pizza-words = Pizza, Pizzen, Belag, Beläge
template-pizza-items =
    Margherita (vegetarisch): Tomate, Mozzarella, Basilikum;
    Funghi (vegetarisch): Tomate, Mozzarella, Champignons;
    Salami: Tomate, Mozzarella, Salami;
    Tonno: Tomate, Thunfisch, Zwiebeln;
    Ortolana (vegan): Tomate, Paprika, Zucchini
template-pizza-free = Knoblauch, Chiliöl
template-venue = Einen Ort finden
template-venue-words = Ort, Orte, Bedingung, Bedingungen
template-venue-items =
    Bei uns im Büro: Kostenlos, Wenig Platz;
    Restaurant: Mit Essen, Alle zahlen selbst;
    Draußen: Hängt vom Wetter ab
template-venue-free = Ohne Stufen erreichbar, Mit Bus oder Bahn erreichbar
template-vendor = Einen Anbieter auswählen
template-vendor-words = Anbieter, Anbieter, Bedingung, Bedingungen
template-vendor-items =
    Anbieter A: Festpreis, Vertrag über zwei Jahre;
    Anbieter B: Monatspreis, Jederzeit kündbar;
    Anbieter C: Bezahlung nach Nutzung, Einrichtungsgebühr
template-vendor-free = Hilfe auf Deutsch, Daten bleiben im Land
template-date = Einen Termin finden
template-date-words = Termin, Termine, Uhrzeit, Uhrzeiten
template-date-items =
    Dienstag: 18 Uhr, 19 Uhr, 20 Uhr;
    Donnerstag: 18 Uhr, 19 Uhr, 20 Uhr;
    Samstag: 11 Uhr, 15 Uhr, 19 Uhr
template-date-free = Online
template-lunch = Mittagessen
template-lunch-words = Lokal, Lokale, Gericht, Gerichte
template-lunch-items =
    Kantine: Tagesgericht, Salat;
    Italiener: Pasta, Pizza;
    Asiatisch: Curry, Nudelsuppe;
    Bäckerei: Belegtes Brötchen, Suppe
template-lunch-free = Zum Mitnehmen

## Fehler

no-such-board = Unter dieser Adresse gibt es kein Board. Prüfe den Link.
board-expires = Dieses Board wird am { $at } gelöscht, wenn sich darauf nichts mehr ändert.
board-deleted = Dieses Board wurde vom Betreiber gelöscht.
not-logged-in = Du bist nicht angemeldet, deshalb wurde nichts geändert. Lade die Seite neu, um dich anzumelden.
no-such-page = Unter dieser Adresse gibt es keine Seite. Prüfe den Link.
internal-error = In SAVT ist ein Fehler aufgetreten. Er wurde protokolliert. Versuche es noch einmal.
busy = SAVT ist gerade überlastet. Es wurde nichts geändert. Versuche es gleich noch einmal.
unavailable = Die Datenbank antwortet nicht. Es wurde nichts geändert. Versuche es gleich noch einmal.
outage =
    Die Datenbank antwortet nicht. Du siehst das Board auf dem letzten bekannten Stand und kannst erst wieder etwas ändern, wenn die
    Datenbank antwortet.
uncertain = Die Datenbank hat nicht rechtzeitig geantwortet. Vielleicht wurde es trotzdem gespeichert: Sieh nach, bevor du es noch einmal versuchst.
wrong-method = Diese Aktion ist unter dieser Adresse nicht möglich.
too-large = Das ist zu groß. Erlaubt sind höchstens 64 KiB auf einmal.
headers-too-large = Dein Browser sendet mehr Cookies, als SAVT annimmt: höchstens 32 KiB. Lösche die Cookies dieser Website und versuche es noch einmal.
too-slow = Das Senden hat zu lange gedauert. Versuche es noch einmal.
too-fast = Von deiner Netzwerkadresse kamen zu viele Anfragen. Es wurde nichts geändert. Versuche es gleich noch einmal.
cross-site = Das kam von einer anderen Website und wurde abgelehnt. Benutze das Formular auf dem Board. Wenn du das getan hast, bitte den Betreiber, den Host-Header im Proxy unverändert weiterzugeben oder --public-url zu setzen.
no-cookies = Dein Browser hat kein Cookie mitgesendet. Deshalb weiß SAVT nicht, wer du bist, und hat nichts geändert. Versuche es noch einmal. Wenn das wieder passiert, speichert dein Browser für diese Website keine Cookies: Erlaube sie in seinen Einstellungen, oder nimm einen anderen Browser.
no-cookies-here = Dein Browser speichert für diese Website keine Cookies. Deshalb kann SAVT nicht wissen, wer du bist, und lehnt deine Änderungen ab. Erlaube Cookies in den Einstellungen des Browsers und lade die Seite neu.
send-again = Noch einmal senden
host-not-allowed = SAVT ist unter dieser Adresse nicht erreichbar. Der Betreiber kann ihren Namen mit --allowed-host oder --public-url zulassen.
not-a-form = Diese Anfrage enthält kein Formular. Benutze das Formular auf dem Board.
bad-request = SAVT versteht diese Anfrage nicht. Lade die Seite neu und versuche es noch einmal.
not-utf8 = Dieses Formular ist nicht in UTF-8 kodiert. Benutze das Formular auf dem Board.

status-400 = Ungültige Anfrage
status-401 = Nicht angemeldet
status-403 = Nicht erlaubt
status-404 = Nicht gefunden
status-405 = Aktion nicht möglich
status-408 = Zu langsam
status-409 = Konflikt
status-410 = Nicht mehr vorhanden
status-413 = Zu groß
status-415 = Kein Formular
status-421 = Falsche Adresse
status-422 = Ungültige Eingabe
status-423 = Gesperrt
status-429 = Zu viele Anfragen
status-431 = Zu große Kopfzeilen
status-500 = Interner Fehler
status-503 = Nicht verfügbar
status-other = Fehler

## Das Web-App-Manifest

description = Eine Gruppe schlägt vor, alle können Veto einlegen, alle sehen es.
