#pragma once

namespace reticle::economics {

// P(at least `needed` of `count` are good) when each is good with exp(-defects).
double enough_good(int count, int needed, double defects);

// Cores in equal groups. A group with fewer good cores than `group_minimum` is lost whole.
struct Groups {
  int groups = 1;
  int cores_a_group = 1;
  int groups_needed = 0;
  int group_minimum = 0;
  int cores_needed = 1;  // good cores in groups that are not lost
};
double enough_good_in_groups(const Groups& groups, double defects);

// Share of memories with at most `repairs` faults, at `faults` on average: Poisson, or negative
// binomial of shape `clustering`.
double repaired(int repairs, double faults);
double repaired(int repairs, double faults, double clustering);

// Bad share of the dies that pass a test of coverage T, at yield Y. Williams and Brown,
// 1 - Y^(1 - T), where T is a share of defects; CATCH, 1 - Y / (1 - (1 - Y) T), where it is a share
// of bad dies.
double escapes_per_defect(double yield, double coverage);
double escapes_per_die(double yield, double coverage);

// P(at least `needed` of `units` are up) when each is up with `availability`.
double enough_up(int units, int needed, double availability);

// Fewest spares with which `needed` units are up with at least `confidence`.
int spares_for(int needed, double availability, double confidence);

}  // namespace reticle::economics
