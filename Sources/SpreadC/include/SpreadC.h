// The printing that programs written for Spread call, though no header of it is installed.
#ifndef SPREADC_H
#define SPREADC_H

#include <stdint.h>

extern int16_t Alarm_cur_priority;
extern int32_t Alarm_type_mask;

void Alarm(int32_t mask, const char *message, ...) __attribute__((format(printf, 2, 3)));
void Alarmp(int16_t priority, int32_t mask, const char *message, ...) __attribute__((format(printf, 3, 4)));
void Alarm_set_types(int32_t mask);
void Alarm_clear_types(int32_t mask);
int32_t Alarm_get_types(void);
void Alarm_set_priority(int16_t priority);
int16_t Alarm_get_priority(void);
void Alarm_set_output(const char *path);
void Alarm_enable_timestamp(const char *format);
void Alarm_enable_timestamp_high_res(const char *format);
void Alarm_disable_timestamp(void);
void Alarm_set_interactive(void);
int Alarm_get_interactive(void);
void Alarm_set_realtime_print_handler(void (*handler)(const char *line));

#endif
