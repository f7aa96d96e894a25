// SAVT's own script: what a page can do beyond htmx. Every action also works without it.
"use strict";
