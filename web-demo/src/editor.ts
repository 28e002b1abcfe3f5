// The source pane. Tab leaves it, as everywhere on the page; colours come from styles.css by class, so that light and
// dark need no code.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** Why a line stands out. */
export type Mark = { readonly line: number; readonly kind: "held" | "error" };

const setMark = StateEffect.define<Mark | undefined>();

/** Something wrong with the text: the program cannot be read, or a type does not fit. Without a length, it is a word long. */
export interface Fault {
  readonly kind: "syntax" | "type";
  readonly line: number;
  readonly column: number;
  readonly length?: number;
  readonly message: string;
}

const setFaults = StateEffect.define<readonly Fault[]>();

/** What was found last; it goes when the text changes. */
const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = transaction.docChanged ? Decoration.none : marks;
    for (const effect of transaction.effects) {
      if (effect.is(setFaults)) next = underlined(transaction.state.doc, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Underlines the words at some places; at the end of a line, its last character. */
function underlined(doc: Text, faults: readonly Fault[]): DecorationSet {
  const ranges = faults.flatMap(({ kind, line, column, length, message }) => {
    if (line < 1 || line > doc.lines) return [];
    const { from, to, text } = doc.line(line);
    if (from === to) return [];
    const start = Math.min(from + column - 1, to - 1);
    const word = length ?? /^[\w$]+/.exec(text.slice(start - from))?.[0].length ?? 1;
    const mark = Decoration.mark({ class: `fault fault-${kind}`, attributes: { title: message } });
    return [mark.range(start, Math.min(to, start + Math.max(1, word)))];
  });
  return Decoration.set(ranges, true);
}

/** The one marked line; it goes when the text changes, for then it may be another. */
const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = transaction.docChanged ? Decoration.none : marks;
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      const mark = effect.value;
      const isThere = mark !== undefined && mark.line >= 1 && mark.line <= transaction.state.doc.lines;
      next = isThere
        ? Decoration.set(
            Decoration.line({ class: `line-${mark.kind}` }).range(transaction.state.doc.line(mark.line).from),
          )
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The editor of the page. */
export class Editor {
  readonly #view: EditorView;

  /**
   * @param label what the text is, for those who listen to the page
   * @param onEdit called for changes by the user, not for `text` being set
   */
  constructor(parent: HTMLElement, label: string, onEdit: () => void) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          highlightActiveLine(),
          indentOnInput(),
          bracketMatching(),
          javascript({ typescript: true }),
          syntaxHighlighting(classHighlighter),
          keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap]),
          markField,
          faultField,
          EditorView.contentAttributes.of({
            "aria-label": label,
            tabindex: "0",
            spellcheck: "false",
            autocapitalize: "off",
          }),
          EditorView.updateListener.of((update) => {
            const isByUser = update.transactions.some(
              (each) => each.isUserEvent("input") || each.isUserEvent("delete"),
            );
            const isUndo = update.transactions.some((each) => each.isUserEvent("undo") || each.isUserEvent("redo"));
            if (update.docChanged && (isByUser || isUndo)) onEdit();
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }

  /** Underlines what is wrong, or nothing. */
  set faults(faults: readonly Fault[]) {
    this.#view.dispatch({ effects: setFaults.of(faults) });
  }

  /** Marks one line, or removes the mark. */
  mark(mark: Mark | undefined): void {
    const { doc } = this.#view.state;
    const isThere = mark !== undefined && mark.line >= 1 && mark.line <= doc.lines;
    this.#view.dispatch({
      effects: [
        setMark.of(mark),
        ...(isThere ? [EditorView.scrollIntoView(doc.line(mark.line).from, { y: "nearest", yMargin: 40 })] : []),
      ],
    });
  }
}
