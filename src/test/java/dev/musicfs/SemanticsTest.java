package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Promises;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the pages promise is proven by tests that exist. */
class SemanticsTest {
    @Test
    void everyPromiseHasANumberOfItsOwnASentenceAndATest() throws Exception {
        List<List<String>> rows = rows("SEMANTICS.md", 3);
        for (List<String> row : rows) {
            assertThat(row.get(0)).matches("S-[1-9][0-9]*");
            assertThat(row.get(1)).as(row.get(0)).endsWith(".");
            assertThat(Promises.tests(row.get(2))).as(row.get(0)).isNotEmpty();
            assertTestsExist(row.get(0), row.get(2));
        }
    }

    @Test
    void aRowOfResilienceIsOpenExactlyWhenNoTestClaimsIt() throws Exception {
        Map<String, List<String>> claims = Promises.testsByRow();
        List<String> ids = new ArrayList<>();
        for (List<String> row : rows("RESILIENCE.md", 3)) {
            String id = row.get(0);
            assertThat(id).matches("([1-9](\\.[1-9][0-9]*)+|[NB]\\.[1-9]|R\\.[1-9][0-9]*)");
            assertThat(row.get(2)).as(id).isIn("open", "partial", "proven");
            assertThat(claims.containsKey(id))
                    .as(id + " is claimed by tests")
                    .isEqualTo(!row.get(2).equals("open"));
            ids.add(id);
        }
        assertThat(ids).as("rows that tests claim").containsAll(claims.keySet());
    }

    @Test
    void onlyTestsClaimRowsOfResilience() throws Exception {
        for (List<String> tests : Promises.testsByRow().values()) {
            for (String test : tests) {
                assertThat(Promises.find(test)).as(test).isPresent();
            }
        }
    }

    private static List<List<String>> rows(String page, int cells) throws Exception {
        List<List<String>> rows = Promises.rows(Files.readString(Path.of(page)));
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row).hasSize(cells));
        assertThat(rows.stream().map(row -> row.get(0))).doesNotHaveDuplicates();
        return rows;
    }

    private static void assertTestsExist(String id, String cell) throws Exception {
        for (String test : Promises.tests(cell)) {
            assertThat(Promises.find(test)).as(id + ": " + test).isPresent();
        }
        String rest = cell.replaceAll("`[A-Za-z0-9]+#[A-Za-z0-9]+`", "").replaceAll("[, ]", "");
        assertThat(rest).as(id + ": what is neither test nor comma").isEmpty();
    }
}
