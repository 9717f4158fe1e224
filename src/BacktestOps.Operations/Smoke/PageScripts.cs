using System.Text.Json;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>What is asked of a page, as JavaScript expressions.</summary>
internal static class PageScripts
{
    /// <summary>Watches the bar from inside, so that no value between two looks is missed.</summary>
    public static string Watch(string selector) => $$"""
        (() => {
          const read = () => {
            const found = document.querySelector({{Quote(selector)}});
            if (!found) return null;
            const bar = found.matches('progress,[role=progressbar]') ? found : found.querySelector('progress,[role=progressbar]') || found;
            if (bar.tagName === 'PROGRESS') return bar.hasAttribute('value') ? 100 * bar.value / bar.max : null;
            const text = bar.getAttribute('aria-valuenow') ?? (/%$/.test(bar.style.width) ? bar.style.width : bar.textContent);
            const value = parseFloat(text);
            return Number.isFinite(value) ? value : null;
          };
          const seen = window.__backtestopsBar = [];
          const look = () => {
            const value = read();
            if (value !== null && value !== seen[seen.length - 1]) seen.push(value);
          };
          look();
          new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true });
          // A progress element that is set by its property shows no attribute change in every browser.
          const again = () => { look(); setTimeout(again, 20); };
          again();
          return true;
        })()
        """;

    /// <summary>The values of the bar so far, each once as long as it lasted.</summary>
    public const string Seen = "window.__backtestopsBar || []";

    /// <summary>True when the bar shows 100.</summary>
    public const string Full = "(b => b.length > 0 && b[b.length - 1] >= 100)(window.__backtestopsBar || [])";

    public static string Exists(string selector) => $"!!document.querySelector({Quote(selector)})";

    /// <summary>True when there is something to choose: a list that is still empty would start nothing.</summary>
    public static string HasChoice(string selector) =>
        $"(e => !!e && (e.tagName !== 'SELECT' || e.value !== ''))(document.querySelector({Quote(selector)}))";

    /// <summary>True when a person could use the element.</summary>
    public static string Usable(string selector) =>
        $"(e => !!e && e.getClientRects().length > 0 && !e.disabled && e.getAttribute('aria-disabled') !== 'true')(document.querySelector({Quote(selector)}))";

    /// <summary>True when the stock is picked already, or was picked now because it is an option, which takes no click.</summary>
    public static string PickWithoutClick(string selector) => $$"""
        (e => {
          if (e.tagName === 'OPTION') {
            e.selected = true;
            const list = e.closest('select');
            for (const type of ['input', 'change']) list.dispatchEvent(new Event(type, { bubbles: true }));
            return true;
          }
          return e.type === 'checkbox' && e.checked;
        })(document.querySelector({{Quote(selector)}}))
        """;

    /// <summary>True when the stock is picked, as far as the kind of element can say.</summary>
    public static string IsPicked(string selector) =>
        $"(e => e.tagName === 'OPTION' ? e.selected : e.type === 'checkbox' || e.type === 'radio' ? e.checked : true)(document.querySelector({Quote(selector)}))";

    /// <summary>What the page shows in place of what was waited for: a sentence.</summary>
    public static string Show(string selector) => $$"""
        (() => {
          const all = [...document.querySelectorAll({{Quote(selector)}})], e = all[0];
          const clean = text => text.replace(/\s+/g, ' ').trim().slice(0, 120);
          const state = !e ? 'nothing on the page matches it'
            : `${all.length} on the page, the first is ` + (e.getClientRects().length === 0 ? 'not shown'
              : e.disabled || e.getAttribute('aria-disabled') === 'true' ? 'disabled' : 'shown') + `: ${clean(e.outerHTML)}`;
          return `${state}; the page '${clean(document.title)}' begins with: ${clean(document.body ? document.body.innerText : '') || 'no text'}`;
        })()
        """;

    /// <summary>What stands there, for the report.</summary>
    public static string Describe(string selector) =>
        $"(e => e ? e.outerHTML.slice(0, 120) : 'nothing matches')(document.querySelector({Quote(selector)}))";

    private static string Quote(string text) => JsonSerializer.Serialize(text, BrowserJson.Default.String);
}
