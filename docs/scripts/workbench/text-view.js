"use strict";
/** The pane where a text is read and marked: selection, tints, bars, search hits, what was read. Places are code points. */
{
  const compendium = (globalThis.compendium ??= {});
  const wb = (compendium.workbench ??= {});
  const SCREENS = 2; // painted before and after what is in sight, where a text is long
  const BELOW = 90; // pixels at the foot of the screen, where pages may have a bar
  const SETTLED = 300; // milliseconds until a selection by touch no longer changes
  const POINTER = 1000; // milliseconds in which a focus comes from a pointer

  wb.textView = ({ host, margin, content, language = "en", label = "" }) => {
    const field = wb.textField({ host, content, language, label });
    const marks = wb.textMarks(field);
    const bars = wb.textBars(field, margin, (coding) => spoken(coding));
    const listeners = { select: new Set(), coding: new Set() };
    const whole = { start: 0, end: field.scale.points };
    let shown = { codings: [], codes: [], only: "", read: [] };
    let hits = { places: [], current: -1 };
    let pointed = []; // codings that are underlined
    let gone = null; // the coding that was gone to last
    let painted = whole; // the place for which tints and bars were made
    let left = null; // what was last selected
    let pieces = null;

    // --- what is selected

    const isHere = () => document.activeElement === host;
    const selected = () => field.selected() ?? left;
    const clean = ({ start, end }) => wb.trimmed(content, wb.whole(content, { start, end }));
    const passage = () => {
      const now = selected();
      const place = now && now.end > now.start ? clean(now) : null;
      return place && place.end > place.start ? place : null;
    };
    let telling = 0;
    const tell = () => {
      clearTimeout(telling);
      const place = passage();
      for (const listener of listeners.select) listener(place);
    };
    /** Show what is selected while the focus is elsewhere: the browser then does not. */
    const showLeft = () =>
      marks.set("left", !isHere() && !field.selected() && left && left.end > left.start ? [left] : [], 30);
    function select({ start, end, caret = end }, { scroll = true, focus = true } = {}) {
      left = { start, end, caret };
      if (focus) {
        if (!isHere()) host.focus({ preventScroll: true });
        field.select(left);
      } else tellSoon(0);
      showLeft();
      if (scroll) scrollTo(left);
    }
    function scrollTo({ start, end }) {
      const box = () =>
        field.measured({ start, end: Math.min(Math.max(end, start + 1), field.scale.points) }).getBoundingClientRect();
      const top = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
      const { top: from, bottom: to } = box();
      if (from >= top && (to <= innerHeight - BELOW || from <= innerHeight / 3)) return;
      field.paragraphs[field.lineAt(start)].scrollIntoView({ block: "nearest" });
      scroller().scrollBy({ top: box().top - innerHeight / 3, behavior: "instant" });
    }
    const scroller = () => {
      for (let one = host.parentElement; one; one = one.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight) return one;
      }
      return window;
    };

    // Listeners hear of a selection by mouse when the button is up, by touch when it has settled, by keys at once.
    let pointer = { down: false, at: -Infinity, type: "mouse" };
    let restoring = false;
    const tellSoon = (wait) => {
      clearTimeout(telling);
      telling = setTimeout(tell, wait);
    };
    const onPointer = ({ type, timeStamp, pointerType = pointer.type }) => {
      pointer = {
        down: type === "pointerdown" || (type === "mousedown" && pointer.down),
        at: timeStamp,
        type: pointerType,
      };
    };
    const onPointerUp = ({ timeStamp }) => {
      if (!pointer.down) return; // it went down elsewhere
      pointer = { ...pointer, down: false, at: timeStamp };
      if (left) tellSoon(isTouch() ? SETTLED : 0);
    };
    const isTouch = () => pointer.type !== "mouse";
    const byPointer = () => pointer.down || performance.now() - pointer.at < POINTER;
    const onSelection = () => {
      if (drag?.place) return;
      if (restoring && isHere()) {
        restoring = false; // once: where a dialog was opened meanwhile, its field has the selection
        field.select(left);
        return;
      }
      const now = field.selected();
      if (now) left = now;
      showLeft();
      if (!now) return;
      if (pointer.down && !isTouch()) return;
      if (byPointer() && isTouch()) tellSoon(SETTLED);
      else tell(); // before the frame, so that one frame shows all that comes of it
    };
    // A drag may begin beside the text, where a browser does not let it go on into a field.
    let drag = null;
    const onDown = ({ target, clientX, clientY, button, pointerType }) => {
      const isFree =
        target instanceof Element &&
        !host.contains(target) &&
        !target.closest("button, input, textarea, select, a, dialog");
      drag = pointerType === "mouse" && button === 0 && isFree ? { x: clientX, y: clientY, place: null } : null;
    };
    const onDrag = ({ target, clientX, clientY, buttons }) => {
      if (!drag || !(buttons & 1)) return void (drag = null);
      if (!drag.place && !host.contains(target)) return;
      const [anchor, caret] = [field.placeAt(drag.x, drag.y), field.placeAt(clientX, clientY)];
      if (anchor === null || caret === null) return;
      drag.place = { start: Math.min(anchor, caret), end: Math.max(anchor, caret), caret };
      field.select(drag.place);
    };
    const onDrop = () => {
      if (drag?.place) select(drag.place, { scroll: false });
      drag = null;
    };
    // A press on what is selected would drag the words. Here it begins to select, as nothing can be dragged.
    const onPress = ({ button, detail, shiftKey, clientX, clientY }) => {
      const now = button === 0 && detail === 1 && !shiftKey && !isTouch() ? field.selected() : null;
      if (!now || now.start === now.end) return;
      const place = field.placeAt(clientX, clientY);
      if (place >= now.start && place <= now.end) getSelection().collapseToStart();
    };
    const onKey = () => (pointer = { down: false, at: -Infinity, type: "mouse" });
    // Browsers put the caret at the start of a text that is come back to. The reader wants the place that was left.
    const onFocus = () => {
      if (left && !byPointer()) {
        field.select(left);
        restoring = true;
        setTimeout(() => (restoring = false), 50);
      }
      showLeft();
    };
    const onBlur = () => setTimeout(showLeft);

    // --- what is painted

    let isOver = false;
    /** Return what does a task at the next frame, once. */
    const atFrame = (task) => {
      let asked = 0;
      return () => {
        cancelAnimationFrame(asked);
        asked = requestAnimationFrame(() => isOver || task());
      };
    };
    let isPointing = false;
    /** Underline once all that changes now has changed: measuring makes the browser lay the page out. */
    const pointSoon = () => {
      if (isPointing) return;
      isPointing = true;
      queueMicrotask(() => {
        isPointing = false;
        if (!isOver) pointBars();
      });
    };

    const overlaps = ({ start, end }) => start < painted.end && end > painted.start;
    function paintMarks() {
      marks.codings(shown.codings.filter(overlaps), shown.codes, shown.only);
      marks.set("speaker", speakers().filter(overlaps), -1);
      paintHits();
    }
    function paintHits() {
      const around = hits.places.filter(overlaps);
      marks.set("found", around, 10);
      marks.set("found-now", hits.places[hits.current] ? [hits.places[hits.current]] : [], 20);
    }
    function paintBars() {
      bars.draw(shown.codings.filter(overlaps), shown.codes, shown.only);
      pointSoon();
    }
    function pointBars() {
      const one = current();
      bars.point(pointed, one ? [one] : pointed, painted);
    }
    function current() {
      const now = selected();
      return gone && now && gone.start === now.start && gone.end === now.end ? gone : null;
    }
    function paintRead() {
      const { read } = shown;
      field.lines.forEach((line, n) => {
        const [start, end] = [line.start, line.end].map(field.scale.toPoints);
        field.paragraphs[n].classList.toggle("is-unread", !read.some(([from, to]) => from <= start && to >= end));
      });
    }
    const toPaint = () => (field.isLong ? field.inSight(SCREENS) : whole);
    function paint(given = {}) {
      const before = shown;
      shown = { ...shown, ...given };
      painted = toPaint();
      paintMarks();
      paintBars();
      if (shown.read !== before.read) paintRead();
    }
    const repaint = () => {
      bars.forget();
      painted = toPaint();
      paintMarks();
      paintBars();
    };
    const onResize = atFrame(repaint);
    const onScroll = atFrame(() => {
      const near = field.inSight(SCREENS / 2);
      if (near.start < painted.start || near.end > painted.end) repaint();
    });
    const onPrint = () => {
      bars.forget();
      painted = whole;
      paintMarks();
      paintBars();
      pointBars();
    };

    // --- pieces of the text

    let labels = null;
    /** Return the places of the speakers' labels, each with its colon. */
    const speakers = () => (labels ??= view.pieces.turns.filter(({ speaker }) => speaker).map(labelOf));
    function labelOf({ start, end, speaker }) {
      const label = /[:：]/.exec(field.text({ start, end: Math.min(end, start + 80) }).split(speaker)[1]);
      const before = [...field.text({ start, end: start + 80 }).split(speaker)[0]].length;
      return { start: start + before, end: start + before + [...speaker].length + (label?.index ?? 0) + 1 };
    }
    function number() {
      let count = 0;
      const begins = new Set(view.pieces.turns.map(({ start }) => field.lineAt(start)));
      field.paragraphs.forEach((paragraph, n) => {
        if (begins.has(n)) paragraph.dataset.n = String((count += 1));
      });
    }
    /** Return the piece of a kind (sentences, words, turns) at a place, or `by` pieces further; else null. */
    function piece(kind, place, by = 0) {
      const list = view.pieces[kind];
      const at = wb.lastOf(list, ({ start }) => start <= place);
      return list[at + by] ?? null;
    }

    /** Go to a coding, and speak of it until something else is selected. */
    function spoken(coding) {
      gone = coding;
      select(coding);
      view.point([coding]);
      for (const listener of listeners.coding) listener(coding);
    }

    const view = {
      host,
      selected,
      select,
      paint,
      piece,
      spoken,
      text: field.text,
      range: field.measured,
      shown: () => shown,
      /** Return what a code goes to: the selection without half characters and blanks, or the sentence at the caret. */
      place() {
        const found = passage() ?? piece("sentences", selected()?.caret ?? 0);
        return found && { start: found.start, end: found.end };
      },
      /** Return to the text, where it was left. */
      focus: () => select(left ?? { start: 0, end: 0 }, { scroll: false }),
      /** Underline the codings that are spoken of. */
      point(codings) {
        pointed = codings;
        pointSoon();
      },
      /** Return the coding that was gone to last, as long as its words are what is selected; else null. */
      current,
      find(places, current = -1) {
        hits = { places, current };
        paintHits();
        if (places[current]) scrollTo(places[current]);
      },
      get pieces() {
        return (pieces ??= wb.pieces(content, language));
      },
      onSelect: (listener) => void listeners.select.add(listener),
      onCoding: (listener) => void listeners.coding.add(listener),
      destroy() {
        for (const [target, name, listener] of heard) target.removeEventListener(name, listener, true);
        clearTimeout(telling);
        isOver = true;
        sizes.disconnect();
        bars.destroy();
        marks.destroy();
        field.destroy();
      },
    };

    const heard = [
      ...["pointerdown", "mousedown"].map((name) => [host, name, onPointer]),
      ...["pointerup", "pointercancel"].map((name) => [document, name, onPointerUp]),
      [host, "mousedown", onPress],
      [document, "pointerdown", onDown],
      [document, "pointermove", onDrag],
      [document, "pointerup", onDrop],
      [document, "selectionchange", onSelection],
      [document, "keydown", onKey],
      [host, "focus", onFocus],
      [host, "blur", onBlur],
      ...(field.isLong ? [[document, "scroll", onScroll]] : []),
      [window, "beforeprint", onPrint],
    ];
    for (const [target, name, listener] of heard) target.addEventListener(name, listener, true);
    const sizes = new ResizeObserver(onResize);
    sizes.observe(host);
    sizes.observe(margin);
    document.fonts?.ready.then(onResize);
    field.onRepair(() => {
      marks.forget();
      number();
      paintRead();
      repaint();
      showLeft();
      if (left && isHere()) field.select(left);
    });
    number();
    paintRead();
    onResize(); // if nobody paints before
    return view;
  };
}
