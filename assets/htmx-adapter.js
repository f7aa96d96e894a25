// The adapter to htmx 4 and its SSE extension: the only file that touches their private state or internal API. It knows the
// id of the element that holds the stream, and nothing else about the page. Review it whenever htmx is updated.

/** The only global of these scripts: each file is its own scope and shares what other files need through this object. */
const savt = {};

(() => {
  "use strict";

  const STREAM_ID = "connection";

  /** htmx's internal API, which it passes to extensions only. */
  let internals;
  /** The functions that insert a fragment, by the swap style that names them. */
  const swapStyles = new Map();

  htmx.registerExtension("savt", {
    init: (api) => { internals = api; },
    handle_swap: (style, target, fragment) => swapStyles.get(style)?.(target, fragment) ?? false,
  });

  const isStream = (ctx) => ctx.sourceElement.id === STREAM_ID;

  /** The state of the SSE extension; undefined while there is no stream. */
  const streamState = (element) => element._htmx?.sse;

  function morph(element, fragment) {
    internals.morph(element, fragment, false);
  }

  savt.htmx = {
    /** Listens to an event of requests by forms and links (not of the stream) as `listener(ctx, event)`. */
    onRequest(name, listener, options) {
      document.addEventListener(`htmx:${name}`, (event) => {
        const { ctx } = event.detail;
        if (ctx && !isStream(ctx)) listener(ctx, event);
      }, options);
    },

    /** Runs `listener(ctx, tasks, streamed)` before fragments are swapped in; removing a task from `tasks` drops its fragment. */
    onBeforeSwap(listener, options) {
      document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => listener(ctx, tasks, isStream(ctx)), options);
    },

    /** The id of the element that a swap task inserts, morphs or deletes. */
    taskId: (task) => (task.fragment.firstElementChild ?? task.target)?.id ?? "",

    succeeded: (ctx) => ctx.response.status < 400,

    /** Whether SAVT sent the response, rather than a proxy (an error page) or a captive portal (a login page). */
    isFragmentResponse: (ctx) => ctx.text.includes("<hx-partial"),

    /** Makes `hx-swap="style"` call `insert(target, fragment)`, which returns the inserted elements. */
    defineSwapStyle(style, insert) {
      swapStyles.set(style, insert);
    },

    /** Morphs an element into the only element of a fragment; focus, caret and scroll position stay. */
    morph,

    /** Morphs an element into one that was parsed from another document. */
    morphIntoParsed(element, parsed) {
      const fragment = document.createDocumentFragment();
      fragment.append(document.adoptNode(parsed));
      morph(element, fragment);
    },

    hasStream: (element) => streamState(element) !== undefined,

    /** Sets the event number after which the stream resumes when it reconnects. */
    setLastEventId(element, id) {
      const stream = streamState(element);
      if (stream) stream.lastEventId = String(id);
    },

    /** Ends the stream, or the delay before its next attempt, so that it reconnects at once. */
    reconnectStream(element) {
      const stream = streamState(element);
      stream?.delayCanceller?.();
      stream?.reader?.cancel();
    },
  };
})();
