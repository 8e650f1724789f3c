/** An address without a page. */
import { useText } from '../messages/language.tsx';
import { LinkButton } from '../parts/Button.tsx';
import { layoutMessages } from './messages.ts';

export const NotFound = () => {
  const text = useText(layoutMessages);
  return (
    <>
      <h1>{text.notFoundTitle}</h1>
      <p>{text.notFound}</p>
      <p>
        <LinkButton href="/">{text.home}</LinkButton>
      </p>
    </>
  );
};
