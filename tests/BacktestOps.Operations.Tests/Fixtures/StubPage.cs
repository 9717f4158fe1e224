namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A page for the stub service, as small as a page can be that does the whole job.</summary>
internal static class StubPage
{
    public const string Html = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>stub</title></head><body>
        <select id="strategy"><option>BuyAndHold</option></select>
        <div id="symbol-list"><label><input type="checkbox" value="SP500">SP500</label></div>
        <button id="start" disabled>start</button><progress id="progress" max="100" value="0"></progress>
        <button id="download" disabled>download</button>
        <script src="/page.js"></script></body></html>
        """;

    public const string Script = """
        const at = id => document.getElementById(id);
        let run = null;
        at('symbol-list').addEventListener('change', () => { at('start').disabled = !document.querySelector('input:checked'); });
        at('start').addEventListener('click', async () => {
          const body = JSON.stringify({ symbols: ['SP500'], strategy: at('strategy').value });
          const answer = await fetch('/api/backtest/start', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
          if (!answer.ok) return;
          run = (await answer.json()).backtest_id;
          for (const value of [0, 30, 70, 100]) {
            at('progress').value = value;
            await new Promise(done => setTimeout(done, 40));
          }
          at('download').disabled = false;
        });
        at('download').addEventListener('click', () => {
          const link = document.createElement('a');
          link.href = '/api/backtest/result/' + run;
          link.download = '';
          link.click();
        });
        """;
}
