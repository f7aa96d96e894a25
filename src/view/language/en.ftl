# English. The terms for item and feature (-item, -items, -feature, -features, and capitalized -Item …) are added when SAVT
# starts, because the operator can configure them.

## Every page

back = ← Back to the board
undo = Undo
redo = Redo
close = Close
cancel = Cancel
languages = Language

## The board

history = History
share = Share
board-empty =
    Nothing here yet. Add the first { -item } above, then suggest { -features } for it.
    Share the link to this page: everyone who has it can add, suggest and veto.
stats =
    { $items ->
        [one] { $items } { -item }
       *[other] { $items } { -items }
    }, { $features ->
        [one] { $features } { -feature }
       *[other] { $features } { -features }
    }, { $vetoed } vetoed, { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
items-heading = { -Items }
free-features = { -Features } for all { -items }

## What chats show of a link

preview-heading = { $board }: { -Items }
preview-empty = Nothing here yet. Add the first { -item }.
preview-standing =
    { $items ->
        [one] { $items } { -item }
       *[other] { $items } { -items }
    }, { $features ->
        [one] { $features } { -feature }
       *[other] { $features } { -features }
    }, { $vetoed } vetoed

## A new board

new-board = New board
new-board-ask = Another decision?
new-board-name = Name of the board

## The boards of a browser

boards = Your boards
boards-empty = You have not taken part in any board in this browser yet. Boards you take part in are listed here.
boards-more = Only the most recently changed boards are listed.
boards-me = You are { $name }. Last change: { $time }
boards-viewed = Only viewed
boards-viewed-hint = This list is stored only in this browser.
boards-forget = Forget
boards-forget-named = Forget { $board }

## Login

login = Log in
login-heading = Log in to SAVT
login-hint = This installation requires a password.
login-password = Password
login-wrong-password = Wrong password. Try again.
login-too-often =
    Too many wrong passwords. Try again in { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }.
logout = Log out

## Keyboard shortcuts

shortcuts = Keyboard shortcuts
shortcuts-on = Enable shortcuts
shortcuts-hint = Shortcuts are inactive while you type.
key-rows = Next row, previous row
key-veto = Veto, or take back the veto
key-more = More: rename, move, delete
key-suggest = Suggest another { -feature } here
key-new = Add a new { -item }
key-undo = Undo your last change, then the one before
key-redo = Redo what you undid last
key-filter = Choose what is shown
key-shortcuts = Show these shortcuts

## The projector view

projector-empty = Nothing here yet. Who adds the first { -item }?
projector-join = Join
projector-pages = Pages
projector-page = { $page } of { $pages }
projector-previous = Previous page
projector-next = Next page
projector-turning = Turn the pages automatically

## The filter

filter = Show
filter-all = All
filter-fine = Fine for everyone
filter-mine = My vetoes
filter-vetoed = Vetoed
filter-show-all = Show all
filter-no-fine = Every { -item } with { -features } has at least one veto.
filter-no-mine = You have not vetoed any { -feature }.
filter-no-vetoed = Nobody has vetoed any { -feature }.
search = Search for { -items } and { -features }
search-placeholder = Search…
filter-no-match = Nothing matches.
filter-items = { $here } of { $all } { -items }
filter-free = { $here } of { $all } { -features } for all { -items }
filter-items-and-free = { $items } and { $free }
filter-shows = Showing { $what }
filter-shows-again = Showing everything again, including { $name }

## The order

order = Sort by
order-again = Sort again
order-added = Order added
order-fewest = Fewest vetoed { -features }
order-name = Name

## An item

more-about = More about { $name }
item-new = New { -item }
item-name-optional = optional
item-kind = Kind
item-kind-optional = optional
item-kind-none = none
item-add = Add
added-by = Added by { $name }
items-add-several = Add several
items-names = One { -item } per line
items-add = Add all
items-add-count = Add { $count } { -items }
not-added = Not added: { $name }
retry = Try again
discard = Discard
name = Name
save = Save
merge = Merge
merge-into = Merge into
merge-named = Merge { $name }
split = Split
split-named = Split { $name }
split-hint = Creates one { -item } per { -feature }
delete = Delete
delete-named = Delete { $name }
delete-item-hint = Keeps its { -features }, for all { -items }

## A feature

vetoers = vetoed by { $names }
vetoers-and-more = vetoed by { $names } and { $more }
vetoers-more = { $count } more
vetoers-when = { $vetoers }, { $when }
vetoed-when = when it was { $name }
vetoers-more-named = { $count } more who vetoed { $name }
vetoers-all = Everyone who vetoed { $name }
veto = Veto
veto-named = Veto { $name }
unveto = Take back
unveto-long = Take back veto
unveto-named = Take back veto on { $name }
veto-reason = Why? (optional)
veto-reason-needed = Why?
veto-reason-save = Save reason
veto-again = Veto { $name } again
give-reason = Say why
give-reason-named = Say why you vetoed { $name }
feature-on = on { $item }
suggested-by = Suggested by { $name }
feature-new = New { -feature }
feature-new-for = New { -feature } for { $item }
feature-new-for-all = New { -feature } for all { -items }
feature-new-placeholder = New { -feature }…
feature-exists = { $name } is already here
feature-full = { $feature } already has the maximum amount, ×{ $most }.
feature-remainder = the rest that did not fit (at most ×{ $most })
amount = Amount
move = Move
move-to = Move to
move-to-all = All { -items }
move-named = Move { $name }
suggest = Suggest

## The sheet

sheet-outdated = This has changed in the meantime.
sheet-refresh = Show the latest version

## The participant

me = You are { $name }
me-ask = Who are you?
me-name = Your name
ask-name = You are { $name }. What should others call you?
ask-name-save = OK
ask-name-later = Not now
me-claim = That's me
me-on-other-device =
    If this is your name: on the device where you already use it, tap your name and follow “Use your name on another device”.
personal-link = Use your name on another device
personal-link-hint =
    Scan this code with your other device, or open the link there within { $minutes } minutes. That device will then be { $name }, too.
    The link works once, for anyone who has it: do not show it to anybody else.
personal-link-question = Are you { $name }?
personal-link-joins = This browser will be { $name } on this board from now on.
personal-link-replaces =
    This browser will be { $name } on this board from now on. Until now it was { $current }, who stays on the board with everything they did.
personal-link-hands-over =
    This browser will be { $name } on this board from now on. Everything it did as { $current } will be { $name }’s.
personal-link-confirm = Yes, I am { $name }
personal-link-nobody = You have no name on this board yet. Choose a name first.

## Presence

here = { $count } here
here-counting = … here
here-ask = Who is here?
here-more = and { $count } more
here-guests =
    { $count ->
        [one] { $count } guest
       *[other] { $count } guests
    } without a name

## Sharing

share-heading = Share this board
share-hint = Everyone who has the link can add, suggest and veto.
share-copy = Copy link
share-with-device = Share…
share-copied = Link copied.
share-not-copied = The browser refused to copy the link. Copy it by hand.
share-projector = For everyone in the room: { $link }
share-projector-link = Projector view
share-print = On paper, with all names and reasons: { $link }
share-print-link = Print
print-note = Not all who vetoed are named here. To print all names and reasons, choose “Share”, then “Print”.
share-loopback =
    This address works only on this machine. To open the board on other devices, start SAVT with { $option } and use this
    machine's address in your network.
share-no-host = Your browser did not say at which address it reached SAVT, so there is no link to share.

## The result

result-link = Result
share-result = To take away, as text, table or file: { $link }
share-api = For programs: { $link }
share-api-link = JSON API
result-title = { $board }: result
result-decided = Decided
result-closed-heading = Closed
result-so-far = So far
result-open = This is how it stands. The decision is still open.
result-reload = Reload
result-agreed = Everybody is fine with the rest.
result-closes = Closes on { $time }.
result-closed = Closed by { $by } on { $time }.
result-closed-by-deadline = Closed on { $time }, the deadline that { $by } set.
result-acceptable = { -Items } everyone can live with
result-acceptable-none = There is no { -item } that everyone can live with.
result-others = What is left of the other { -items }
result-nothing-left = nothing
result-vetoes = Vetoes
result-people = Who is fine
result-fine = Fine with this ({ $fine } of { $of })
result-outdated = Was fine until something new came
result-not-yet = Has not said so yet
result-not-taking-part = Not taking part
result-chosen = chosen
result-note = Note
result-vetoed-by = Vetoed by
result-reasons = Reasons
result-is-chosen = Chosen
result-yes = yes
result-copy-text = Copy as text
result-copy-markdown = Copy as Markdown
result-as-text = As text
result-as-markdown = As Markdown
result-download-csv = Download CSV
result-download-json = Download JSON
result-download-history = Download all with history
result-copied = Copied.
result-not-copied = Your browser does not let SAVT copy this. Copy it from here:

## Closing

closing = Close the decision
closing-acceptable = Everybody can live with these. What have you chosen?
closing-others =
    { $count ->
        [one] One more, which somebody has vetoed
       *[other] { $count } more, which somebody has vetoed
    }
closing-vetoed = Vetoed { -items }
closing-outcome = Say it in a sentence
closing-outcome-optional = optional
closing-deadline = Deadline: it closes by itself
closing-set-deadline = Set the deadline
closing-remove-deadline = Remove the deadline
closing-utc = This time is UTC, not your local time.
closing-closed = This decision is closed. To change anything, reopen it first.
reopen = Reopen
outcome-chosen = Decided: { $chosen }
outcome-closed = The decision is closed
outcome-by = Closed by { $by } on { $at }
outcome-by-deadline = Closed on { $at }, the deadline that { $by } set
outcome-result = Result
outcome-deadline = Closes on { $at }
outcome-in = in { $time }
outcome-change = Change or close now
item-chosen = Chosen
invalid-time = This is no date and time. Choose both.

## The live connection

live = Live
reconnecting = Reconnecting…
offline = Offline, as of { $time }
no-script = Reload the page to see what others do.
gone-while-typing = { $name } no longer exists. You were typing there: { $typed }
foreign-response =
    The response did not come from SAVT, but perhaps from the login page of your network. Check the connection and try again.
unreachable = SAVT cannot be reached at the moment. Try again.
no-response = SAVT did not respond. Check the connection and try again.
not-sent-offline = You are offline, so this was not sent. What you typed is still there.

## Consent

consent = Consent
consent-give = I’m fine with the rest
consent-given = You are fine with this ✓
consent-take-back = take back
consent-renew = I’m still fine
consent-since = { $what } since you were fine: { $link }
consent-look = look
consent-new-mark = new
consent-new-items =
    { $count ->
        [one] { $count } new { -item }
       *[other] { $count } new { -items }
    }
consent-new-features =
    { $count ->
        [one] { $count } new { -feature }
       *[other] { $count } new { -features }
    }
consent-new-both = { $items } and { $features }
consent-new-many = More than { $count } new { -items } and { -features }
consent-changed = The board has changed since you were fine.
consent-aside = You are noted as not taking part.
consent-count =
    { $fine ->
        [one] { $fine } of { $of } is fine
       *[other] { $fine } of { $of } are fine
    }
consent-agreed = Everybody is fine with this. Well done!
consent-agreed-close = Close with what is left
invalid-consent = SAVT cannot tell whether you are fine. Reload the page and press the button again.
invalid-aside = SAVT cannot tell who takes part. Reload the page and press the button again.
preview-agreed = { $standing }. Everybody is fine with this.
preview-fine =
    { $standing }. { $fine ->
        [one] { $fine } of { $of } is fine.
       *[other] { $fine } of { $of } are fine.
    }

## The people of a board

people-fine = Fine with the rest
people-outdated = Since then something came
people-not-yet = Not yet
people-aside = Not taking part
people-watching = Only looking
people-here = here
people-vetoes =
    { $count ->
        [one] { $count } veto
       *[other] { $count } vetoes
    }
people-set-aside = Not taking part
people-set-aside-named = Note that { $name } is not taking part
people-bring-back = Takes part
people-bring-back-named = Note that { $name } takes part

## Announcements for screen readers

announce-new = New: { $name }
announce-new-on = New on { $item }: { $name }
announce-vetoed = { $name }: { $vetoers }
announce-unvetoed = { $name }: no longer vetoed
announce-renamed = { $old } is now { $name }
announce-changed = Changed: { $name }
announce-moved = Moved: { $name }
announce-deleted = Removed: { $name }
announce-many = Changes on the board: { $number }
announce-reload = A lot has changed on the board

## The history

history-title = History – { $board }
history-empty = Nothing has happened yet.
history-older = Older
undo-last = Undo my last change
redo-last = Redo what I undid
history-now = now { $name }
history-undone = undone by { $event }
date-and-time = { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    } { $year } { $time } UTC

## Actions

did-join = { $by } joined
did-rename-self = { $from } is now called { $to }
did-claim-other = { $by } continues as { $name }
did-hand-over = { $by } continues as { $name }, with everything they did before
did-claim = { $by } joined from another browser
did-create-item =
    { $by } added { $item }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }{ $has-wanted ->
        [yes] , because { $wanted } was taken
       *[no] { "" }
    }
did-create-items =
    { $by } added { $items }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }
did-create-items-numbered =
    { $by } added { $items }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }, with numbers where a name was taken: { $taken }
did-rename-item =
    { $by } renamed { $from } to { $to }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }
did-edit-item =
    { $has-kind ->
        [yes] { $by } changed the kind of { $to } to { $kind }
       *[no] { $by } removed the kind of { $to }
    }
did-merge = { $by } merged { $item } into { $into }, now called { $name }
did-merge-some = { $by } merged { $item } into { $into }, now called { $name }; { $item } keeps what did not fit
did-merge-left = { $by } merged { $item } into { $into }, now called { $name }; not all of { $left } fitted, the rest stays on { $item }
names-and-more = { $names } and { $more } more
did-split = { $by } split { $item } into { $parts }
did-delete-item = { $by } deleted { $item }
did-delete-item-freed = { $by } deleted { $item }; its { -features } are now for all { -items }
did-delete-item-lost =
    { $by } deleted { $item }{ $freed ->
        [0] { "" }
       *[other] ; its { -features } are now for all { -items }
    }; not all of { $lost } fitted
did-suggest =
    { $by } suggested { $feature }{ $amount ->
        [1] { "" }
       *[other] { " " }×{ $amount }
    }{ $has-item ->
        [yes] { " " }for { $item }
       *[no] { "" }
    }
did-add =
    { $by } suggested more { $feature }{ $has-item ->
        [yes] { " " }for { $item }
       *[no] { "" }
    }, now ×{ $amount }{ $full ->
        [yes] { " " }(the maximum)
       *[no] { "" }
    }
did-rename-feature =
    { $by } renamed { $from } to { $to }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } (×{ $amount }){ $vetoes ->
        [0] { "" }
        [one] ; its veto was given to another name
       *[other] ; { $vetoes } vetoes were given to another name
    }
did-edit-feature =
    { $by } changed the amount of { $to }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } to ×{ $amount }
did-move =
    { $by } moved { $feature }{ $has-from ->
        [yes] { " " }from { $from }
       *[no] { "" }
    } to { $to }{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } did not fit and stayed
    }
did-move-to-all =
    { $by } moved { $feature }{ $has-from ->
        [yes] { " " }from { $from }
       *[no] { "" }
    } to all { -items }{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } did not fit and stayed
    }
did-delete-feature =
    { $by } deleted { $feature }{ $has-item ->
        [yes] { " " }from { $item }
       *[no] { "" }
    }
did-veto =
    { $by } vetoed { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }{ $has-reason ->
        [yes] { " " }({ $reason })
       *[no] { "" }
    }
did-set-reason =
    { $by } gave a reason for vetoing { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } ({ $reason })
did-remove-reason =
    { $by } removed the reason for vetoing { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
did-unveto =
    { $by } took back the veto on { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
did-edit-note = { $by } changed the note of { $to }
did-name-board = { $by } named the board { $name }
board-name-noun = the name of the board
board-purpose-noun = the purpose of the board
board-terminology-noun = the words of the board
board-reasons-noun = whether a veto has to say why
did-edit-board = { $by } changed { $what }
did-consent = { $by } is fine with the rest
did-withdraw-consent = { $by } took back being fine with the rest
did-set-aside = { $by } noted that { $name } is not taking part
did-bring-back = { $by } noted that { $name } takes part again
did-return = { $by } takes part again
did-close = { $by } closed the decision
did-close-chosen = { $by } closed the decision with { $chosen }
did-set-deadline = { $by } set the deadline to { $time }
did-clear-deadline = { $by } removed the deadline
did-reopen = { $by } reopened the decision
did-undo = { $by } undid event { $event }: { $what }
did-redo = { $by } undid event { $event }, which restores { $what }

## The settings of a board

settings = Board settings
purpose-ask = What is this about?
purpose-edit = Change what this is about
settings-purpose = What it is about
settings-purpose-hint = A question, a date, a link
settings-words = What are you choosing among?
settings-item-word = One of them
settings-item-words = Several of them
settings-feature-word = What people suggest for it
settings-feature-words = Several of those
settings-item-example = e.g. pizza
settings-items-example = e.g. pizzas
settings-feature-example = e.g. topping
settings-features-example = e.g. toppings
settings-words-incomplete = Fill in all four words, or leave all four empty.
settings-reasons = A veto
settings-reasons-optional = may say why
settings-reasons-required = has to say why
settings-invalid-reasons = Choose whether a veto may or has to say why.

## What was undone

the-join = the joining of a participant
the-rename-self = the name change from { $from } to { $to }
the-claim = the use of { $name } in another browser
the-hand-over = the change from { $was } to { $name }
the-create-item = the new { -item } { $item }
the-create-items =
    { $count ->
        [one] the addition of { $count } { -item }
       *[other] the addition of { $count } { -items }
    }
the-edit-kind = the new kind of { $name }
the-edit-note = the new note of { $name }
the-edit-board = the new settings of the board
the-consent = a consent
the-withdraw-consent = the withdrawal of a consent
the-set-aside = that { $name } is not taking part
the-bring-back = that { $name } takes part again
the-close = the closing of the decision
the-set-deadline = the new deadline
the-reopen = the reopening of the decision
the-rename = the renaming of { $from } to { $to }
the-edit-amount = the new amount of { $name }
the-merge = the merge of { $item } into { $into }
the-split = the split of { $item }
the-delete = the deletion of { $name }
the-delete-feature =
    the deletion of { $feature }{ $has-item ->
        [yes] { " " }from { $item }
       *[no] { "" }
    }
the-suggest =
    the suggestion of { $feature }{ $has-item ->
        [yes] { " " }for { $item }
       *[no] { "" }
    }
the-add =
    more { $feature }{ $has-item ->
        [yes] { " " }for { $item }
       *[no] { "" }
    }
the-move =
    the move of { $feature }{ $has-from ->
        [yes] { " " }from { $from }
       *[no] { "" }
    } to { $has-to ->
        [yes] { $to }
       *[no] all { -items }
    }
the-veto =
    the veto on { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
the-reason =
    the new reason for vetoing { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
the-unveto =
    the withdrawal of the veto on { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }

## Invalid input

name-empty = Enter a name.
name-too-long = This is too long. Use at most { $most } characters.
name-control = This contains control characters. Remove them.
name-bidirectional = This contains characters that change the direction of the text around them. Remove them.
name-invisible = This contains only invisible characters. Enter a visible one.
names-too-many = These are too many. Add at most { $most } at once.
name-on-line = Line { $line }: { $reason }
invalid-amount = Choose an amount from 1 to { $most }.
invalid-item = Choose one of the board's { -items }, or all { -items }.
invalid-merge-target = Choose the { -item } to merge into.

## Rejected commands

no-such-item = There is no such { -item } on this board.
no-such-feature = There is no such { -feature } on this board.
no-such-event = There is no event { $event } on this board.
gone = { $name } no longer exists: somebody deleted, merged or split it. You can restore it from the history.
gone-item = This { -item } no longer exists: somebody deleted, merged or split it. You can restore it from the history.
gone-feature = This { -feature } no longer exists: somebody deleted, merged or split it. You can restore it from the history.
no-veto = You have taken back your veto on { $name }, so there is no reason to save. Nothing was changed.
item-name-taken = Another { -item } is called { $name }. Choose another name.
feature-name-taken = { $name } already exists there. Choose another name.
edit-conflict-name =
    Somebody has changed the name to { $now } in the meantime. You entered { $sent }. Save again to replace their change.
edit-conflict-kind =
    { $has-now ->
        [yes] Somebody has changed the kind to { $now } in the meantime.
       *[no] Somebody has removed the kind in the meantime.
    } { $has-sent ->
        [yes] You entered { $sent }.
       *[no] You entered none.
    } Save again to replace their change.
edit-conflict-amount =
    Somebody has changed the amount to ×{ $now } in the meantime. You chose ×{ $sent }. Save again to replace their change.
edit-conflict-note = Somebody has changed the note in the meantime. Save again to replace their change.
edit-conflict-purpose =
    { $has-now ->
        [yes] Somebody has changed the purpose in the meantime. It is now: { $now }
       *[no] Somebody has removed the purpose in the meantime.
    } – Save again to replace their change.
edit-conflict-terminology = Somebody has changed the words in the meantime, to: { $now }. Save again to replace their change.
edit-conflict-no-terminology = Somebody has removed the words in the meantime. Save again to replace their change.
edit-conflict-reasons = Somebody has changed whether a veto has to say why in the meantime. Save again to replace their change.
board-closed =
    { $by } closed this decision on { $at }. To change anything, reopen it first.
board-closed-by-deadline =
    This decision closed on { $at }, the deadline that { $by } set. To change anything, reopen it first.
veto-reason-required = On this board a veto has to say why. Say why you veto { $name }.
row-changed = “{ $name }” was changed meanwhile. Read it again, then send your change.
deadline-passed = This time has passed. Choose a deadline in the future.
no-participant = You are not a participant of this board, or have been erased from it.
no-such-participant = There is no such participant on this board.
limit-chosen = An outcome can have at most { $most } { -items }. Choose fewer.
participant-name-taken = This name is taken.
personal-link-expired =
    This link no longer works: it was already used, or it has expired. Get a new one on the device where you have your name.
merge-into-itself = { $name } cannot be merged into itself. Choose another { -item }.
split-nothing = { $name } cannot be split: it needs at least two { -features }, or one with an amount of 2 or 3.
limit-items = This board has the maximum of { $most } { -items }. Delete some, or use another board.
limit-features = This board has the maximum of { $most } { -features }. Delete some, or use another board.
limit-participants =
    This board has the maximum of { $most } participants, so nobody else can take part. Use a browser that has taken part
    already, or another board.
limit-kept-items = This board has had { $most } { -items }, including deleted ones, and can have no more. Use another board.
limit-kept-features = This board has had { $most } { -features }, including deleted ones, and can have no more. Use another board.
limit-vetoes = This board has the maximum of { $most } vetoes. Take some back, or use another board.
limit-browsers =
    This board has been used in the maximum of { $most } browsers. Use a browser that has taken part already, or another board.
limit-event =
    This would change too much at once: one change can have at most { $most } KiB. Move or delete some { -features } one by one
    first, or undo single changes.
undo-nothing = You have no more changes to undo.
redo-nothing = There is nothing to redo: you have not undone anything since your last change.
undo-already-undone = This has already been undone.
undo-erased = This cannot be undone: the participant has been erased from the board since, and this change with them.
undo-deleted = This cannot be undone: { $name } has been deleted since.
undo-restored = This cannot be undone: { $name } has been restored since.
undo-renamed = This cannot be undone: { $from } has been renamed to { $to } since.
undo-kind = This cannot be undone: the kind of { $name } has been changed since.
undo-amount = This cannot be undone: the amount of { $name } has been changed to ×{ $to } since.
undo-moved = This cannot be undone: { $name } has been moved since.
undo-note = This can no longer be undone: the note of { $name } was changed in the meantime.
undo-setting = This can no longer be undone: the settings of the board were changed in the meantime.
undo-consent = This can no longer be undone: what { $name } thinks of the rest has changed in the meantime.
undo-other-consent = Only { $name } can undo this, because it is about their consent.
undo-veto = This cannot be undone: the vetoes on { $name } have changed since.
undo-browser = This cannot be undone: this browser has become another participant since.
undo-depended-on = This cannot be undone: { $by } has been added to { $name } since. Delete { $name } instead.
undo-name-taken = This cannot be undone: { $name } is now the name of something else. Rename that first.
undo-owner-gone = This cannot be undone: what { $name } belonged to no longer exists.
undo-other-participant = Only { $name } can undo this, because it changes who { $name } is.
undo-other-veto = Only { $name } can undo this, because it is the veto of { $name }.
undo-took-part = This cannot be undone: { $name } has taken part since.

## Notes of items

note = Note
note-hint = Where, how much, a link to the menu

## New boards: templates and copies

new-board-choose = What are you choosing among?
new-board-other = something else
new-board-templates = Start from a template
new-board-templates-hint = The board starts with a few suggestions. Change, delete and add what you like.
new-board-unknown-choice = This choice does not exist. Choose another one.
copy-board = Copy this board
copy-board-name = Name of the copy
copy-board-make = Make the copy
copy-board-hint =
    The copy starts with all { -items }, { -features } and notes of this board, and with nobody, no vetoes and no history.
    Afterwards the two boards share nothing.
did-fill-board =
    { $by } started the board with { $items ->
        [one] { $items } { -item }
       *[other] { $items } { -items }
    } and { $features ->
        [one] { $features } { -feature }
       *[other] { $features } { -features }
    }
did-copy-board =
    { $by } copied { $from }: { $items ->
        [one] { $items } { -item }
       *[other] { $items } { -items }
    }, { $features ->
        [one] { $features } { -feature }
       *[other] { $features } { -features }
    }
did-set-up-board = { $by } set up the board
the-fill = what the board started with

# Words: one, several, feature, features. Items: name (kind): features; …
template-pizza = Pizza night
template-pizza-words = pizza, pizzas, topping, toppings
template-pizza-items =
    Margherita (vegetarian): Tomato, Mozzarella, Basil;
    Funghi (vegetarian): Tomato, Mozzarella, Mushrooms;
    Salami: Tomato, Mozzarella, Salami;
    Tonno: Tomato, Tuna, Onions;
    Ortolana (vegan): Tomato, Peppers, Courgette
template-pizza-free = Garlic, Chili oil
template-venue = Choosing a venue
template-venue-words = venue, venues, condition, conditions
template-venue-items =
    At our office: Free of charge, Limited seats;
    Restaurant: Food included, Everyone pays;
    Outdoors: Depends on the weather
template-venue-free = Step-free access, Reachable by bus or train
template-vendor = Choosing a vendor
template-vendor-words = vendor, vendors, condition, conditions
template-vendor-items =
    Vendor A: Fixed price, Two-year contract;
    Vendor B: Monthly price, Can be cancelled any time;
    Vendor C: Pay per use, Setup fee
template-vendor-free = Support in our language, Data stays in our country
template-date = Finding a date
template-date-words = date, dates, time, times
template-date-items =
    Tuesday: 18:00, 19:00, 20:00;
    Thursday: 18:00, 19:00, 20:00;
    Saturday: 11:00, 15:00, 19:00
template-date-free = Online
template-lunch = Lunch
template-lunch-words = place, places, dish, dishes
template-lunch-items =
    Canteen: Dish of the day, Salad;
    Italian: Pasta, Pizza;
    Asian: Curry, Noodle soup;
    Bakery: Sandwich, Soup
template-lunch-free = Takeaway

## Errors

no-such-board = There is no board at this address. Check the link.
board-expires = This board will be deleted on { $at } if nothing changes on it.
board-deleted = This board was deleted by the operator.
not-logged-in = You are not logged in, so nothing was changed. Reload the page to log in.
no-such-page = There is no page at this address. Check the link.
internal-error = Something went wrong in SAVT. The error has been logged. Try again.
busy = SAVT is too busy right now. Nothing was changed. Try again in a moment.
unavailable = The database does not answer. Nothing was changed. Try again in a moment.
outage =
    The database does not answer. You see the board as it was last known, and cannot change anything until the database is back.
uncertain = The database did not answer in time, so this may or may not have been saved. Check before you try again.
wrong-method = This action is not possible at this address.
too-large = This is too large. Send at most 64 KiB at once.
headers-too-large = Your browser sends more cookies than SAVT accepts: at most 32 KiB. Delete the cookies of this site and try again.
too-slow = Sending this took too long. Try again.
too-fast = There were too many requests from your network address. Nothing was changed. Try again in a moment.
cross-site = This was sent from another site, so it was refused. Use the form on the board. If you did, ask the operator to let the proxy pass the Host header unchanged, or to set --public-url.
no-cookies = Your browser sent no cookie, so SAVT does not know who you are, and nothing was changed. Try again. If this happens again, your browser keeps no cookies for this site: allow them in its settings, or use another browser.
no-cookies-here = Your browser keeps no cookies for this site, so SAVT cannot know who you are and will refuse your changes. Allow cookies in its settings, and reload the page.
send-again = Send again
host-not-allowed = SAVT does not serve this address. The operator can permit its name with --allowed-host or --public-url.
not-a-form = This request does not contain a form. Use the form on the board.
bad-request = SAVT does not understand this request. Reload the page and try again.
not-utf8 = This form is not encoded in UTF-8. Use the form on the board.

status-400 = Bad Request
status-401 = Not logged in
status-403 = Forbidden
status-404 = Not Found
status-405 = Method Not Allowed
status-408 = Request Timeout
status-409 = Conflict
status-410 = Gone
status-413 = Payload Too Large
status-415 = Unsupported Media Type
status-421 = Misdirected Request
status-422 = Unprocessable Entity
status-423 = Locked
status-429 = Too Many Requests
status-431 = Request headers too large
status-500 = Internal Server Error
status-503 = Service Unavailable
status-other = Error

## The web app manifest

description = A group suggests, anyone vetoes, everyone sees it.
