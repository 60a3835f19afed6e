import { describe, expect, it } from 'vitest';
import { escapeHtml, html, trustedHtml } from './html.js';

describe('html', () => {
  it('escapes values in content and in attributes', () => {
    const name = `"><script>alert('1')</script>&`;
    expect(html`<b title="${name}">${name}</b>`.text).not.toMatch(/<script|title="">/);
    expect(html`${'<&>'}`.text).toBe('&#60;&#38;&#62;');
  });

  it('leaves markup of its own alone and does not escape twice', () => {
    expect(html`<p>${html`<b>${'<'}</b>`}${trustedHtml('<i></i>')}</p>`.text).toBe(
      '<p><b>&#60;</b><i></i></p>',
    );
  });

  it('joins arrays and leaves nothing for what is absent', () => {
    expect(html`${['a', 'b', html`<c>`]}|${null}${undefined}${false}|${0}`.text).toBe('ab<c>||0');
  });

  it('does not take objects that look like markup for markup', () => {
    const fromJson = JSON.parse('{"text":"<script>"}') as never;
    expect(() => html`${fromJson}`).toThrow(TypeError);
  });
});

describe('escapeHtml', () => {
  it.each(['&', '<', '>', '"', "'"])('escapes %s', (character) => {
    expect(escapeHtml(`a${character}b`)).toBe(`a&#${character.charCodeAt(0)};b`);
  });
});
