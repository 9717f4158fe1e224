// The figures of a result that the page knows, in groups: member, form, and the keys of its name and meaning.
// A figure that a result does not have is left out; one that is undefined for the run is a dash.

import { count, money, percent, plain, ratio } from './format.js';
import { text } from './i18n.js';

const period = value => value == null ? plain(null) : `${percent(value.return)} · ${value.period}`;
const span = value => value == null ? plain(null) : `${text('span.days', { days: count(value.days) })} · ${percent(value.depth)}`;

/** [group, [[member, form], …]]; a member may be a path. */
export const groups = [
  ['return', [
    ['total_return', percent], ['cagr', percent], ['initial_cash', money], ['final_equity', money],
    ['best_day', period], ['worst_day', period], ['best_month', period], ['worst_month', period], ['best_year', period], ['worst_year', period],
  ]],
  ['risk', [
    ['max_drawdown', percent], ['longest_drawdown', span], ['annual_volatility', percent],
    ['value_at_risk', percent], ['conditional_value_at_risk', percent], ['tail_ratio', ratio], ['skewness', ratio], ['excess_kurtosis', ratio],
  ]],
  ['ratios', [['sharpe_ratio', ratio], ['sortino_ratio', ratio], ['calmar_ratio', ratio], ['omega_ratio', ratio]]],
  ['trades', [
    ['total_trades', count], ['win_rate', percent], ['profit_factor', ratio], ['payoff_ratio', ratio], ['expectancy', money],
    ['average_trade', percent], ['largest_win', money], ['largest_loss', money], ['longest_win_streak', count], ['longest_loss_streak', count],
  ]],
  ['costs', [['commission_paid', money], ['costs_paid', money], ['exposure', percent], ['turnover', ratio]]],
  ['benchmark', [
    ['benchmark.total_return', percent], ['benchmark.cagr', percent], ['benchmark.sharpe_ratio', ratio], ['benchmark.max_drawdown', percent],
    ['benchmark.alpha', percent], ['benchmark.beta', ratio], ['benchmark.information_ratio', ratio],
    ['benchmark.up_capture', ratio], ['benchmark.down_capture', ratio],
  ]],
];

/** The value at a path, or undefined where the result has no such member. */
export const valueOf = (performance, path) => path.split('.').reduce((part, name) => part?.[name], performance);
