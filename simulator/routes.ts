import { RESULT_CODE } from './codes.js';
import type { ContactCentre } from './contact-centre.js';
import { changeControl, resetControl, showControl } from './control.js';
import type { Exchange } from './exchange.js';
import { REDIRECT_TARGET } from './faults/http-status.js';
import { answerPing } from './ping-endpoint.js';
import { answerTrace } from './trace-endpoint.js';

type Endpoint = (centre: ContactCentre, exchange: Exchange) => void | Promise<void>;

/** What is answered, by path and method. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail': { POST: answerTrace },
  '/rest/cmsapp/v1/ping': { POST: answerPing },
  '/control': { GET: showControl, PATCH: changeControl },
  '/control/reset': { POST: resetControl },
  [REDIRECT_TARGET]: { GET: countFollowed, POST: countFollowed },
};

/** Answers one request: 404 for an unknown path, 405 for a method the path does not have. */
export async function answer(centre: ContactCentre, exchange: Exchange): Promise<void> {
  const methods = Object.hasOwn(ROUTES, exchange.path) ? ROUTES[exchange.path] : undefined;
  if (methods === undefined) return exchange.sendError(404, 'No such path');
  const { method = '' } = exchange.request;
  const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (endpoint === undefined) {
    return exchange.sendError(405, `Method ${method} is not supported`, { allow: Object.keys(methods).join(', ') });
  }
  try {
    await endpoint(centre, exchange);
  } catch (error) {
    // Who has left needs no answer, and half an answer cannot be taken back.
    if (exchange.gone.aborted) return;
    if (exchange.response.headersSent) return exchange.cut();
    exchange.sendError(500, String(error));
  }
}

/** Who follows a redirect finds an empty trace: a wrong answer that looks right. */
function countFollowed({ ledger }: ContactCentre, exchange: Exchange): void {
  ledger.redirectsFollowed += 1;
  exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: [] });
}
