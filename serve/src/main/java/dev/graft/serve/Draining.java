package dev.graft.serve;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How a server ends its work: from the moment that it is to stop it takes nothing new, and what is under way has some
 * time to be answered.
 *
 * <p>Armeria's own way to do so is not used: it looks every tenth of a second, takes new requests all the while, and
 * waits a second for each connection that has nothing to answer.
 */
final class Draining implements DecoratingHttpServiceFunction, GracefulShutdown {
    private final Duration limit;
    private int underWay;
    private boolean stopping;

    /** @param limit how long what is under way has */
    Draining(Duration limit) {
        this.limit = limit;
    }

    /** Has a server's requests counted, and the server stop in this way. */
    void addTo(ServerBuilder builder) {
        builder.decorator(this).gracefulShutdown(this);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        boolean taken = enter();
        context.log().whenComplete().thenAccept(log -> leave());
        return taken
                ? delegate.serve(context, request)
                : Refusal.of(request.headers(), new Problem(Problem.Type.UNAVAILABLE, "The server is stopping"));
    }

    private synchronized boolean enter() {
        underWay++;
        return !stopping;
    }

    private synchronized void leave() {
        underWay--;
        notifyAll();
    }

    /** Takes nothing new, and waits until everything is answered or the time is over. */
    synchronized void await() {
        stopping = true;
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toNanos(); underWay > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** None: everything has been waited for when Armeria is asked to stop. */
    @Override
    public Duration quietPeriod() {
        return Duration.ZERO;
    }

    /** What Armeria gives to the requests that are left, which it ends; zero where there are none to end. */
    @Override
    public synchronized Duration timeout() {
        return underWay == 0 ? Duration.ZERO : limit;
    }

    @Override
    public Throwable toException(ServiceRequestContext context, HttpRequest request) {
        return ShuttingDownException.get();
    }
}
