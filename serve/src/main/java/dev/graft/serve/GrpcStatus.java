package dev.graft.serve;

import io.grpc.Status;

/** Errors as callers over gRPC see them. */
final class GrpcStatus {
    private GrpcStatus() {}

    static Status of(Throwable failure) {
        Problem problem = Problems.of(failure);
        Status status = switch (problem.type()) {
            case VALIDATION, MALFORMED, TOO_LARGE -> Status.INVALID_ARGUMENT;
            case UNAUTHORIZED -> Status.UNAUTHENTICATED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case UNSUPPORTED -> Status.UNIMPLEMENTED;
            case CONFLICT -> Status.FAILED_PRECONDITION;
            case OVERLOADED, NO_SPACE -> Status.RESOURCE_EXHAUSTED;
            case SLOW, DEADLINE -> Status.DEADLINE_EXCEEDED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case INTERNAL -> Status.INTERNAL;
        };
        return status.withDescription(problem.detail());
    }
}
