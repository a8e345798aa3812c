package dev.musicfs.control;

import dev.musicfs.control.api.LibraryStatus;
import dev.musicfs.control.api.OriginControl;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.HeldRemovals;
import dev.musicfs.library.LibraryService;
import dev.musicfs.library.UnknownEntry;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.guard.GuardStats;
import dev.musicfs.origin.guard.HealthState;
import dev.musicfs.origin.guard.OriginSnapshot;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Clock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the API tells of the origins and does with them. */
public final class OriginMonitor implements OriginControl {
    private static final String UNKNOWN = "unknown";

    private final OriginService origins;
    private final Optional<LibraryService> library;
    private final Clock clock;
    private final long startNanos;
    private final Map<OriginId, Since> since = new ConcurrentHashMap<>();

    /** A state and when it was first seen. */
    private record Since(HealthState state, long nanos) {}

    /** @param library what keeps them in step; empty when nothing does */
    public OriginMonitor(OriginService origins, Optional<LibraryService> library, Clock clock) {
        this.origins = origins;
        this.library = library;
        this.clock = clock;
        this.startNanos = clock.monotonicNanos();
        origins.onChanged((id, state) -> since.put(id, new Since(state, clock.monotonicNanos())));
    }

    @Override
    public Future<List<OriginStatus>> origins() {
        return origins.health().origins().map(this::statuses);
    }

    /** Completes once it is known of each origin whether it answers; does not fail. */
    Future<Void> settled() {
        return origins.health().settled();
    }

    @Override
    public Future<List<OriginStatus>> probe() {
        List<Future<HealthState>> probing = origins.all().stream()
                .map(each -> origins.health().probeNow(each.config().id()))
                .toList();
        return Future.join(probing).transform(done -> origins());
    }

    @Override
    public Future<Void> rescan(String id) {
        return origins.all().stream()
                        .map(each -> each.config().id())
                        .filter(each -> each.value().equals(id))
                        .anyMatch(each ->
                                library.filter(kept -> kept.catchUp(each)).isPresent())
                ? Future.succeededFuture()
                : Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "there is no origin " + id));
    }

    @Override
    public Future<Long> confirmRemovals(String id) {
        Optional<OriginId> meant = origins.all().stream()
                .map(each -> each.config().id())
                .filter(each -> each.value().equals(id))
                .findFirst();
        return meant.isEmpty()
                ? Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "there is no origin " + id))
                : Future.succeededFuture(library.flatMap(kept -> kept.confirmRemovals(meant.get()))
                        .map(HeldRemovals::files)
                        .orElse(0L));
    }

    @Override
    public String state() {
        return word(origins.health().state());
    }

    private List<OriginStatus> statuses(Map<OriginId, HealthState> states) {
        List<OriginStatus> all = new ArrayList<>();
        for (OriginService.Running each : origins.all()) {
            OriginId id = each.config().id();
            HealthState state = states.get(id);
            GuardStats stats = each.guard().stats();
            OriginSnapshot snapshot = each.guard().snapshot();
            all.add(new OriginStatus(
                    id.value(),
                    each.config().type().name(),
                    each.config().priority(),
                    state == null ? UNKNOWN : word(state),
                    secondsOf(id),
                    word(stats.breaker()),
                    stats.latency().isZero() ? -1 : stats.latency().toNanos() / 1e6,
                    stats.underWay(),
                    stats.waiting(),
                    stats.requests(),
                    stats.failures().values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    stats.bytes(),
                    Optional.of(snapshot.why()).filter(why -> !why.isEmpty()),
                    library.map(kept -> statusOf(kept, id)).orElse(LibraryStatus.IN_STEP)));
        }
        return all;
    }

    private static LibraryStatus statusOf(LibraryService kept, OriginId id) {
        List<UnknownEntry> unknown = kept.unknown(id);
        Optional<HeldRemovals> held = kept.held(id);
        return new LibraryStatus(
                unknown.size(),
                unknown.stream()
                        .limit(LibraryStatus.MOST_NAMED)
                        .map(each -> new LibraryStatus.Unknown(each.path().value(), each.reason()))
                        .toList(),
                kept.damagedFiles(id),
                held.map(HeldRemovals::files).orElse(0L),
                held.map(HeldRemovals::why),
                kept.passedOver(id).entrySet().stream()
                        .map(each -> new LibraryStatus.PassedOver(each.getKey(), each.getValue()))
                        .sorted(Comparator.comparingLong(LibraryStatus.PassedOver::entries)
                                .reversed()
                                .thenComparing(LibraryStatus.PassedOver::rule))
                        .limit(LibraryStatus.MOST_NAMED)
                        .toList());
    }

    private long secondsOf(OriginId id) {
        Since last = since.get(id);
        return Duration.ofNanos(clock.monotonicNanos() - (last == null ? startNanos : last.nanos()))
                .toSeconds();
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
