// A sentence with numbers that can be dragged; what follows from them is counted again with each change.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { DragNumber } from './drag-number.tsx';
import { initialValues, type Sentence } from './scene.ts';

export function SentenceView({ sentence }: { sentence: Sentence }): JSX.Element {
  const values = useSignal(initialValues(sentence));
  const change = (changed: Readonly<Record<string, number>>): void => {
    values.value = { ...values.value, ...changed };
  };
  return (
    <div class="sentence panel">
      <p>
        {sentence.tell(values.value).map((piece, i) => {
          if (typeof piece === 'string') return piece;
          if ('result' in piece) return <output key={i}>{piece.result}</output>;
          const knob = sentence.knobs.find(({ name }) => name === piece.knob)!;
          return (
            <DragNumber
              key={knob.name}
              knob={knob}
              value={values.value[knob.name]}
              change={(value) => change({ [knob.name]: value })}
            />
          );
        })}
      </p>
      {sentence.presets !== undefined && (
        <p class="presets">
          {sentence.presets.map(({ text, values: preset }) => (
            <button type="button" key={text} onClick={() => change(preset)}>
              {text}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
