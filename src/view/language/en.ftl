# English. The words for item and feature (-item, -items, -feature, -features, and with a capital -Item …) are added when
# SAVT starts: they are options of the command.

## Every page

back = ← Back to the board
undo = Undo
close = Close
languages = Language

## The board

history = History
share = Share
empty =
    Nothing here yet. Add the first { -item } above, then suggest { -features } for it.
    Share this page's address: everyone who has it may add, suggest and veto.
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
free-features = { -Features } for all
items-and-free = { $items } and { $free }

## A new board

new-board = New board
new-board-ask = Another decision?
new-board-name = Its name

## The boards of a browser

boards = Your boards
boards-empty = You have not taken part in any board with this browser. Boards you do something on are listed here.
boards-more = There are more: these are the ones where something happened last.
boards-me = You are { $name }. Last change: { $time }
boards-looked-at = Only looked at
boards-looked-at-hint = This browser alone remembers these.
boards-forget = Forget
boards-forget-named = Forget { $board }

## A closed installation

login = Log in
login-heading = Log in to SAVT
login-hint = It is open to those who know its password.
login-password = Password
login-wrong = That is not the password.
login-too-often = That was wrong too often. Please try again in { $seconds } s.
logout = Log out

## The keys

keys = Keys
keys-on = Keys are on
keys-hint = They do nothing while you type.
key-rows = Next row, row before
key-veto = Veto, or take the veto back
key-menu = Menu: rename, move, delete
key-suggest = Suggest another { -feature } here
key-new = Add a new { -item }
key-undo = Undo what you did last
key-filter = Choose what is shown
key-keys = These keys

## The wall

wall-empty = Nothing here yet. Who adds the first { -item }?
wall-join = Join

## Which things are shown

filter = Show
filter-all = All
filter-fine = Fine for everyone
filter-mine = My vetoes
filter-vetoed = Vetoed
filter-show-all = Show all
filter-no-fine = No { -item } with { -features } is free of vetoes.
filter-no-mine = You have vetoed no { -feature }.
filter-no-vetoed = Nobody has vetoed any { -feature }.
filter-items = { $here } of { $all } { -items }
filter-free = { $here } of { $all } { -features } for all
filter-shows = Showing { $what }
filter-shows-again = Showing all again, { $name } among them

## In which order

order = Order
order-again = Sort again
order-added = As added
order-fewest = Fewest vetoed { -features } first
order-name = By name

## An item

more = ⋯
more-about = More about { $name }
item-new = New { -item }
item-first = { -Item }-1
item-kind = Kind
item-kind-optional = optional
item-kind-none = none
item-add = Add
name = Name
save = Save
merge = Merge
merge-into = Merge into
merge-named = Merge { $name }
split = Split
split-named = Split { $name }
split-hint = One { -item } for each { -feature }
delete = Delete
delete-named = Delete { $name }
delete-item-hint = Its { -features } become free

## A feature

vetoers = vetoed by { $names }
vetoers-and-more = vetoed by { $names } and { $more }
vetoers-more = { $count } more
vetoers-more-of = { $count } more who vetoed { $name }
vetoers-all = Everyone who vetoed { $name }
veto = Veto
veto-named = Veto { $name }
unveto-named = Take back veto on { $name }
why = Why? (optional)
why-save = Save the reason
say-why = Say why
say-why-named = Say why you vetoed { $name }
feature-on = on { $item }
feature-new = New { -feature }
feature-new-placeholder = New { -feature }…
feature-here-already = { $name } is here already
amount = Amount
move = Move
move-to = Move to
move-to-free = free
menu-stale = This has changed meanwhile.
menu-again = Show it as it is now
move-named = Move { $name }
suggest = Suggest

## Who one is

me = You are { $name }
me-ask = Who are you?
me-name = Your name
me-claim = That's me
me-elsewhere = If it is yours: on the device where you have it, press your name and take it to this one.
personal-link = Take your name to another device
personal-link-hint =
    Scan this with your other device, or open the link there within { $minutes } minutes: then you are { $name } there as well.
    It works once, and for whoever has it: show it to nobody else.
personal-link-ask = Are you { $name }?
personal-link-from-now = This browser will be { $name } on this board from now on.
personal-link-instead =
    This browser will be { $name } on this board from now on. So far it is { $so-far }, who stays on the board with all that they did.
personal-link-yes = Yes, I am { $name }
personal-link-nobody = You have no name on this board yet, so there is none to take along.

## Who is here

here = { $count } here
here-ask = Who is here?
here-nobody = Nobody has this board open right now.
here-more = and { $count } more
here-guests =
    { $count ->
        [one] { $count } guest
       *[other] { $count } guests
    }, without a name so far

## Sharing

share-heading = Share this board
share-hint = Everyone who has its link may add, suggest and veto.
share-copy = Copy link
share-hand = Share…
share-copied = Link copied.
share-not-copied = The browser refused to copy it. Please copy the link above by hand.
share-wall = For all in the room to see: { $link }
share-wall-link = On the projector
share-only-here =
    This address is of this machine only, and no other device can open it: start SAVT with { $option } and open it by the
    machine's address in your network.
share-no-host = The browser did not say under which address it found SAVT, so there is no link to share.

## How the page follows

live = Live
reconnecting = Reconnecting…
offline = Offline, as of { $time }
no-script = Load the page again to see what others do.
gone-while-typing = { $name } is gone. You were typing there: { $typed }
not-ours = That was not SAVT that answered. Please check the connection and try again.
unreachable = SAVT cannot be reached at the moment. Please try again.
no-answer = No answer came. Please check the connection and try again.
you-are-offline = You are offline, so this was not sent. What you typed is still there.

## What one hears of others

heard-new = New: { $name }
heard-new-on = New on { $item }: { $name }
heard-vetoed = { $name }: { $vetoers }
heard-unvetoed = { $name }: not vetoed any more
heard-renamed = { $old } is now { $name }
heard-changed = Changed: { $name }
heard-moved = Moved: { $name }
heard-gone = Gone: { $name }
heard-many = Changes on the board: { $number }
heard-much = Much has changed on the board

## The history

history-title = History – { $board }
history-empty = Nothing has happened yet.
history-older = Older
history-undone = undone by { $event }
moment = { $day } { $month ->
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

## What happened

did-join = { $by } joined
did-rename-self = { $by } is now called { $to } instead of { $from }
did-claim-other = { $by } is { $name } on this browser from now on
did-claim = { $by } came back on another browser
did-create-item =
    { $by } added { $item }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }{ $has-wanted ->
        [yes] , because { $wanted } was taken
       *[no] { "" }
    }
did-rename-item =
    { $by } renamed { $from } to { $to }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] { "" }
    }
did-edit-item =
    { $by } changed { $to }{ $has-kind ->
        [yes] { " " }({ $kind })
       *[no] : no kind
    }
did-merge = { $by } merged { $item } into { $into }: now { $name }
did-merge-some = { $by } merged { $item } into { $into }: now { $name }; not everything fitted, so { $item } stays with the rest
did-split = { $by } split { $item } into { $parts }
did-delete-item = { $by } deleted { $item }
did-delete-item-freed = { $by } deleted { $item }; its { -features } are free now
did-delete-item-lost =
    { $by } deleted { $item }{ $freed ->
        [0] { "" }
       *[other] ; its { -features } are free now
    }, but not all of { $lost } fitted
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
    }: it was there already, now ×{ $amount }{ $full ->
        [yes] , which is the most
       *[no] { "" }
    }
did-rename-feature =
    { $by } renamed { $from } to { $to }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } (×{ $amount })
did-edit-feature =
    { $by } changed { $to }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } (×{ $amount })
did-move =
    { $by } moved { $feature }{ $has-from ->
        [yes] { " " }from { $from }
       *[no] { "" }
    } to { $to }{ $left ->
        [0] { "" }
       *[other] ; ×{ $left } did not fit and stayed
    }
did-free =
    { $by } set { $feature }{ $has-from ->
        [yes] { " " }of { $from }
       *[no] { "" }
    } free{ $left ->
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
did-give-reason =
    { $by } gave a reason for the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    } ({ $reason })
did-take-reason =
    { $by } took away the reason for the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
did-unveto =
    { $by } took back the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
did-undo = { $by } undid { $event }: { $what }
did-redo = { $by } undid { $event }, so this holds again: { $what }

## What was undone

the-join = somebody's joining
the-rename-self = { $from } being called { $to }
the-claim = being { $name } on another browser
the-create-item = the new { -item } { $item }
the-edit-kind = the new kind of { $name }
the-rename = the new name of { $from }, { $to }
the-edit = the change of { $name }
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
    }{ $has-to ->
        [yes] { " " }to { $to }
       *[no] { "" }
    }
the-veto =
    the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
the-reason =
    the new reason for the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }
the-unveto =
    taking back the veto of { $feature }{ $has-item ->
        [yes] { " " }on { $item }
       *[no] { "" }
    }

## Notes

full = { $feature } is there as often as can be: ×{ $most }.

## What cannot be

name-empty = Please type a name.
name-too-long = That is too long: at most { $most } characters.
name-control = That has control characters in it.
name-bidirectional = That has characters in it that turn the direction of the text around them.
name-invisible = That has no character one can see.
amount-wrong = Please choose an amount from 1 to { $most }.
place-wrong = Please choose one of the board's { -items }, or none.
merge-wrong = Please choose the { -item } to merge into.
no-such-item = There is no such { -item } on this board.
no-such-feature = There is no such { -feature } on this board.
no-such-event = There is no event { $event } on this board.
gone =
    { $name } is not there any more: somebody deleted, merged or split it meanwhile. The history can bring it back.
gone-item =
    This { -item } is not there any more: somebody deleted, merged or split it meanwhile. The history can bring it back.
gone-feature =
    This { -feature } is not there any more: somebody deleted, merged or split it meanwhile. The history can bring it back.
item-name-taken = Another { -item } is called { $name }. Please choose another name.
feature-name-taken = There is another { $name } at the same place. Please choose another name.
participant-name-taken = That name is taken
personal-link-spent =
    This link works no more: it was used, or too much time has passed. Get a new one on the device where you have your name.
merge-into-itself = { $name } cannot be merged into itself. Please choose another { -item }.
split-nothing = There is nothing to split: { $name } needs at least two { -features }, or one of amount 2 or 3.
undone-already = This was undone already.
undo-deleted = This cannot be undone: { $name } has been deleted since.
undo-restored = This cannot be undone: { $name } has been brought back since.
undo-renamed = This cannot be undone: { $from } has been renamed to { $to } since.
undo-kind = This cannot be undone: the kind of { $name } has been changed since.
undo-amount = This cannot be undone: { $name } has become ×{ $to } since.
undo-moved = This cannot be undone: { $name } has been moved since.
undo-veto = This cannot be undone: the vetoes of { $name } have changed since.
undo-browser = This cannot be undone: this browser has become somebody else since.
undo-built-upon = This cannot be undone: { $name } has got { $by } since; delete it instead.
undo-name-taken = This cannot be undone: something else is called { $name } by now; rename that first.
undo-owner-gone = This cannot be undone: what { $name } belonged to is gone.
undo-only-themselves = Only { $name } can undo this: it says who { $name } is.
undo-took-part = This cannot be undone: { $name } has taken part since.

## What went wrong

no-such-board = There is no board at this address. Please check the link you were given.
closed = You are not logged in, so nothing was done. Load the page again to log in.
no-such-page = There is nothing at this address.
fault = Something went wrong on our side. It has been noted; please try again.
busy = Too much is going on right now. Nothing was changed: please try again in a moment.
unavailable = The database does not answer. Nothing was changed: please try again in a moment.
cut-off = The database does not answer. This is the board as it was last known, and nothing can be changed until it does.
uncertain =
    The database did not answer in time, so nobody knows whether this was saved. Please look before you try again.
wrong-method = That cannot be done at this address.
too-large = That is too much at once: at most 64 KiB.
too-slow = That took too long to arrive. Please try again.
too-fast =
    That was too much in too short a time, from you or somebody at the same address. Nothing was changed: please try again in a
    moment.
cross-site = This was sent from another site, so it was refused. Please use the form on the board.
no-form = That is no form.
not-understood = That cannot be understood.
no-text = That is no text: a form is sent in UTF-8.

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
status-422 = Unprocessable Entity
status-429 = Too Many Requests
status-500 = Internal Server Error
status-503 = Service Unavailable
status-other = Error

## On a device

description = A group suggests, anyone vetoes, everyone sees it.
