package dev.graft.serve;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Triton's {@code ModelStreamInfer}: one answer a request, in the order of the requests; what is wrong with one is told
 * in its place and ends nothing.
 *
 * <p>A caller who does not read is not read from either: at most {@value #MOST_OPEN} requests are open.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private static final int MOST_OPEN = 32;

    private final Asking asking;
    private final ServerCallStreamObserver<ModelStreamInferResponse> out;
    private final Set<CompletableFuture<Void>> open = ConcurrentHashMap.newKeySet();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private int owed;

    /** Asks for an answer. */
    interface Asking {
        /** @param left completes when the caller has left */
        CompletableFuture<ModelInferResponse> ask(ModelInferRequest request, CompletableFuture<Void> left);
    }

    private InferStream(Asking asking, ServerCallStreamObserver<ModelStreamInferResponse> out) {
        this.asking = asking;
        this.out = out;
    }

    static InferStream of(Asking asking, StreamObserver<ModelStreamInferResponse> observer) {
        var out = (ServerCallStreamObserver<ModelStreamInferResponse>) observer;
        var stream = new InferStream(asking, out);
        out.disableAutoRequest();
        out.setOnReadyHandler(stream::readOn);
        out.setOnCancelHandler(stream::leave);
        out.request(MOST_OPEN);
        return stream;
    }

    @Override
    public synchronized void onNext(ModelInferRequest request) {
        var left = new CompletableFuture<Void>();
        open.add(left);
        CompletableFuture<ModelStreamInferResponse> answer = asking.ask(request, left)
                .handle((response, failure) -> {
                    open.remove(left);
                    return told(request, response, failure);
                });
        CompletableFuture<Void> before = last;
        var told = new CompletableFuture<Void>();
        last = told; // now: telling an answer asks for more requests, which may come within the call
        var unused = before.thenCombine(answer, (done, response) -> {
                    answer(response);
                    return told;
                })
                .whenComplete((done, failure) -> told.complete(null));
    }

    private static ModelStreamInferResponse told(
            ModelInferRequest request, @Nullable ModelInferResponse response, @Nullable Throwable failure) {
        if (response != null) {
            return ModelStreamInferResponse.newBuilder()
                    .setInferResponse(response)
                    .build();
        }
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(
                        Problems.of(java.util.Objects.requireNonNull(failure)).detail())
                .setInferResponse(
                        ModelInferResponse.newBuilder().setId(request.getId()).setModelName(request.getModelName()))
                .build();
    }

    private synchronized void answer(ModelStreamInferResponse response) {
        if (!out.isCancelled()) {
            out.onNext(response);
            owed++;
            readOn();
        }
    }

    private synchronized void readOn() {
        if (out.isReady() && owed > 0) {
            int now = owed;
            owed = 0; // before asking for more, which may come within the call
            out.request(now);
        }
    }

    private void leave() {
        open.forEach(left -> left.complete(null));
    }

    @Override
    public void onError(Throwable failure) {
        leave();
    }

    @Override
    public synchronized void onCompleted() {
        last = last.thenRun(() -> {
            if (!out.isCancelled()) {
                out.onCompleted();
            }
        });
    }
}
