package dev.musicfs.origin.guard;

import static dev.musicfs.origin.guard.TestingGuard.eventually;
import static dev.musicfs.origin.guard.TestingGuard.failure;
import static dev.musicfs.origin.guard.TestingGuard.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names, with and without a name service. */
class CachingResolverTest {
    private static final String HOST = "nas.example";

    private final Vertx vertx = TestingVertx.start();
    private final TestingGuard testing = new TestingGuard(vertx);
    private final InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
    private final AtomicInteger lookups = new AtomicInteger();
    private final CountDownLatch hang = new CountDownLatch(1);
    private volatile boolean dead;
    private volatile boolean hanging;
    private final CachingResolver resolver =
            new CachingResolver(ResolverOptions.defaults(), testing.services, this::lookup);

    CachingResolverTest() throws UnknownHostException {}

    private InetAddress lookup(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        if (hanging) {
            awaitHang();
        }
        if (dead) {
            throw new UnknownHostException(host);
        }
        return address;
    }

    private void awaitHang() {
        try {
            hang.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        hang.countDown();
        get(resolver.close());
        get(vertx.close());
    }

    @Test
    @Resilience("4.2.5")
    void theLastGoodAddressIsKeptForSixtySecondsWhenTheNameServiceDies() {
        assertThat(get(resolver.resolve(HOST))).isEqualTo(address);
        dead = true;
        testing.time.advance(Duration.ofSeconds(60));
        assertThat(get(resolver.resolve(HOST))).isEqualTo(address);
        testing.time.advance(Duration.ofMillis(1));
        MusicFsException failure = failure(resolver.resolve(HOST));
        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure).hasRootCauseInstanceOf(UnknownHostException.class);
        dead = false;
        assertThat(get(resolver.resolve(HOST))).isEqualTo(address);
    }

    @Test
    @Resilience("4.2.5")
    void aNameServiceThatHangsIsNotWaitedForLongerThanItsTimeout() {
        assertThat(get(resolver.resolve(HOST))).isEqualTo(address);
        hanging = true;
        Future<InetAddress> known = resolver.resolve(HOST);
        Future<InetAddress> unknown = resolver.resolve("other.example");
        testing.time.advance(Duration.ofSeconds(2));
        assertThat(get(known)).isEqualTo(address);
        assertThat(failure(unknown)).hasRootCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void aNameIsAskedForOnceAtATimeHoweverManyWaitForIt() {
        hanging = true;
        for (int i = 0; i < 100; i++) {
            resolver.resolve(HOST);
        }
        eventually(() -> lookups.get() == 1);
        hang.countDown();
        assertThat(get(resolver.resolve(HOST))).isEqualTo(address);
        assertThat(lookups.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void anAddressNeedsNoNameService() {
        dead = true;
        assertThat(get(resolver.resolve("127.0.0.9"))).isEqualTo(address);
        assertThat(get(resolver.resolve("::1")).isLoopbackAddress()).isTrue();
        assertThat(lookups).hasValue(0);
    }
}
