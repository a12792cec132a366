#include <sys/timerfd.h>
#include <sys/timex.h>
#include <linux/memfd.h>

// Its header declares it for those who ask for all of GNU's only.
int memfd_create(const char *name, unsigned int flags);
