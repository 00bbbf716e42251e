/* Mock: completions. */
#ifndef MOCK_COMPLETION_H
#define MOCK_COMPLETION_H

struct completion {
	unsigned int done;
};

void complete(struct completion *done);
void complete_all(struct completion *done);
void wait_for_completion(struct completion *done);
unsigned long wait_for_completion_timeout(struct completion *done,
					  unsigned long timeout);

#endif
