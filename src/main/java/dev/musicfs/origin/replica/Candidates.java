package dev.musicfs.origin.replica;

import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The copies that could answer a read, in the order in which they are to be asked. */
final class Candidates {
    /** Latencies are only told apart when one is this many times the other. */
    private static final int NOTICEABLY = 2;

    private Candidates() {}

    /** One of them. */
    record Candidate(Copy copy, Member member, Standing standing, boolean unfit, int position) {
        /** The same bytes in this copy. */
        ByteRange here(ByteRange range) {
            return new ByteRange(range.offset() + copy.audioShift(), range.length());
        }
    }

    /** All that have the bytes, without those that are known to have wrong ones unless there are no others. */
    static List<Candidate> of(Replicas replicas, List<Copy> copies, ByteRange range) {
        List<Candidate> all = new ArrayList<>();
        int position = 0;
        for (Member member : replicas.members().values()) {
            for (Copy copy : copies) {
                if (copy.origin().equals(member.id()) && covers(copy, range)) {
                    boolean unfit = replicas.blames().unfit(copy);
                    all.add(new Candidate(copy, member, member.standing().get(), unfit, position));
                }
            }
            position++;
        }
        List<Candidate> chosen = new ArrayList<>(all);
        chosen.removeIf(each -> replicas.blames().wrongBytes(each.copy));
        if (chosen.isEmpty()) {
            chosen.addAll(all);
        }
        chosen.sort(ORDER);
        return chosen;
    }

    private static boolean covers(Copy copy, ByteRange range) {
        return !copy.audioOnly() || (range.offset() >= copy.sameFrom() && range.end() <= copy.sameTo());
    }

    private static final Comparator<Candidate> ORDER = Comparator.comparing((Candidate each) -> !each.standing.usable())
            .thenComparing(each -> each.unfit)
            .thenComparing(each -> !each.standing.healthy())
            .thenComparing(each -> each.member.priority())
            .thenComparing(each -> magnitude(each.standing.latency()))
            .thenComparing(Candidate::position);

    /** Coarse, so that origins of much the same speed stay in the order of the configuration; unknown counts as fast. */
    private static int magnitude(Duration latency) {
        long millis = latency.toMillis();
        int magnitude = 0;
        while (millis >= NOTICEABLY) {
            millis /= NOTICEABLY;
            magnitude++;
        }
        return Math.max(4, magnitude);
    }
}
