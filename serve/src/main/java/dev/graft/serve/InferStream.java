package dev.graft.serve;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Triton's {@code ModelStreamInfer}: one answer a request, in the order of the requests; what is wrong with one is told
 * in its place and ends nothing.
 *
 * <p>A caller who does not read is not read from either: at most {@value #MOST_OPEN} requests are open. All answers are
 * sent by the call's own event loop, for what it sends itself would overtake what other threads give it to send.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private static final int MOST_OPEN = 32;

    private final Asking asking;
    private final ServerCallStreamObserver<ModelStreamInferResponse> out;
    private final Executor loop;
    private final Set<CompletableFuture<Void>> open = ConcurrentHashMap.newKeySet();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private int owed;

    /** Asks for an answer. */
    interface Asking {
        /** @param left completes when the caller has left */
        CompletableFuture<ModelInferResponse> ask(ModelInferRequest request, CompletableFuture<Void> left);
    }

    private InferStream(Asking asking, ServerCallStreamObserver<ModelStreamInferResponse> out, Executor loop) {
        this.asking = asking;
        this.out = out;
        this.loop = loop;
    }

    /** @param loop the call's event loop */
    static InferStream of(Asking asking, StreamObserver<ModelStreamInferResponse> observer, Executor loop) {
        var out = (ServerCallStreamObserver<ModelStreamInferResponse>) observer;
        var stream = new InferStream(asking, out, loop);
        out.disableAutoRequest();
        out.setOnReadyHandler(stream::readOn);
        out.setOnCancelHandler(stream::leave);
        out.request(MOST_OPEN);
        return stream;
    }

    @Override
    public synchronized void onNext(ModelInferRequest request) {
        CompletableFuture<Void> before = last;
        var told = new CompletableFuture<Void>();
        last = told; // first: asking may bring the next request within the call
        var left = new CompletableFuture<Void>();
        open.add(left);
        CompletableFuture<ModelStreamInferResponse> answer = asking.ask(request, left)
                .handle((response, failure) -> {
                    open.remove(left);
                    return told(request, response, failure);
                });
        var unused = before.thenCombineAsync(
                        answer,
                        (done, response) -> {
                            answer(response);
                            return told;
                        },
                        loop)
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
        last = last.thenRunAsync(
                () -> {
                    if (!out.isCancelled()) {
                        out.onCompleted();
                    }
                },
                loop);
    }
}
