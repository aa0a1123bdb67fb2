// The bridge's typed messages, as script gets them, in proto JSON: the names of proto/chatbridge/v1.

const outcomes = ["OUTCOME_UNSPECIFIED", "OUTCOME_DELETED", "OUTCOME_FAILED", "OUTCOME_NOT_SENT", "OUTCOME_UNKNOWN"];

/** DeleteCompleted. */
export function deleteCompletedJson({ requestId, results, code, desc }, names) {
  return { requestId, results: results.map((result) => resultJson(result, names)), code, desc };
}

/** ConversationsDeleted. */
export function conversationsDeletedJson({ conversations }) {
  return { conversations };
}

/** Result. */
export function resultJson({ conversation, outcome, error }, names) {
  return {
    conversation,
    outcome: outcomes[outcome],
    ...(error === undefined ? {} : { error: errorJson(error, names) }),
  };
}

function errorJson({ source, code, category, retryable, message }, { ErrorSource, ErrorCategory }) {
  return {
    source: `ERROR_SOURCE_${ErrorSource[source]}`,
    code,
    category: `ERROR_CATEGORY_${ErrorCategory[category]}`,
    retryable,
    message,
  };
}
